/** What a suspended await waits for, as far as its stack and its own line tell. */
import type { Frame } from "@watertight/finding";
import type { TestCause } from "./cause.ts";
import { sourceOf } from "./source-line.ts";

interface AwaitShape {
  readonly cause: TestCause;
  /** In the name of the function that awaits, without its class. */
  readonly inFunction?: RegExp;
  /** In what is awaited. */
  readonly inSource: RegExp;
}

/** The first that fits counts. */
const SHAPES: readonly AwaitShape[] = [
  {
    cause: "lock-held",
    inFunction: /(?:^|\.)(?:acquire|lock|runExclusive|withLock|rlock|waitForUnlock)$/i,
    inSource:
      /\.(?:acquire|lock|runExclusive|withLock|waitForUnlock|rlock|readLock|writeLock)\(|\b(?:acquire|lock)\w*\(/i,
  },
  {
    cause: "stream-stalled",
    inSource:
      /\b(?:pipeline|finished)\(|once\([^,]+,\s*["'`](?:drain|data|end|readable|finish|close)["'`]|for await \([^)]* of \w*(?:stream|readable|socket|request|response|body)\w*|\b(?:reader|stream)\.read\(|writer\.(?:write|ready)|\w*(?:stream|readable)\w*\.(?:toArray|forEach)\(/i,
  },
  {
    cause: "channel-send",
    inFunction: /(?:^|\.)(?:send|put|enqueue)$/i,
    inSource: /\.(?:send|put|enqueue|offer)\(/i,
  },
  {
    cause: "channel-receive",
    inFunction: /(?:^|\.)(?:receive|recv|take|dequeue)$/i,
    inSource:
      /\.(?:receive|recv|take|dequeue)\(|for await \([^)]* of \w*(?:channel|queue|jobs)\w*\b/i,
  },
];

/** The cause of an await that nothing else explains. */
export function classifyAwait(site: Frame): TestCause {
  const source = awaited(sourceOf(site));
  const shape = SHAPES.find(
    ({ inFunction, inSource }) => inFunction?.test(site.function) === true || inSource.test(source),
  );
  return shape?.cause ?? "promise-pending";
}

/** From the await on; a line may do other things before it. */
function awaited(source: string): string {
  const start = source.search(/\bawait\b/);
  const text =
    start === -1 ? "" : source.slice(source.startsWith("for", start - 4) ? start - 4 : start);
  return text.split(/;|\n/)[0] ?? "";
}
