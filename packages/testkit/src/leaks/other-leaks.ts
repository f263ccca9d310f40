/** Bodies, file descriptors, listeners and generators that a scope leaves. */
import type { Fix, Frame } from "@watertight/finding";
import { fixOf, titleOf, type TestCause } from "../cause.ts";
import type { Leak } from "../leak.ts";
import { withOrigin } from "../lineage.ts";
import type { Scope } from "../scope.ts";
import { appFrames, firstOwned, ownerOf } from "../stack-frame.ts";
import type { Trace } from "../trace.ts";
import { unreadBodies } from "../watches/bodies.ts";
import { openDescriptors, type DescriptorRecord } from "../watches/descriptors.ts";
import { abandonedGenerators } from "../watches/generators.ts";
import { isOfIterator, leftListeners, type ListenerRecord } from "../watches/listeners.ts";
import { openPools } from "../watches/pools.ts";
import { isOfEvaluation } from "./evaluation.ts";

/** What any record of a scope carries. */
interface Recorded {
  readonly trace: Trace | undefined;
  /** Where the function that was resumed last suspended first. */
  readonly origin: Trace | undefined;
  readonly moment: number;
}

/** Everything that is neither an await nor a handle of the event loop. */
export function findOtherLeaks(scope: Scope): readonly Leak[] {
  return [
    ...unreadBodies(scope).map((record) => ({
      record,
      cause: "unclosed-body" as const,
      note: `The response to ${record.request} has arrived and waits.`,
    })),
    ...openDescriptors(scope).map(describeDescriptor),
    ...leftListeners(scope).map(describeListener),
    ...openPools(scope).map((record) => ({
      record,
      cause: "handle-leak" as const,
      note: "It keeps connections open for requests that nobody sends any more.",
      title: "A connection pool is still open",
      fix: { summary: "Close the pool when its work ends.", example: "await pool.close();" },
    })),
    ...abandonedGenerators(scope).map((record) => ({
      record,
      cause: "iterator-abandoned" as const,
      note: "It waits at a yield, so its finally never runs.",
    })),
  ].flatMap((found) => describe(found, scope));
}

/** A record with what it means. */
interface Found {
  readonly record: Recorded;
  readonly cause: TestCause;
  readonly note: string;
  readonly title?: string;
  readonly fix?: Partial<Fix>;
}

function describeDescriptor(record: DescriptorRecord): Found {
  const note = `Descriptor ${record.descriptor} is open on ${record.target}.`;
  if (record.kind === "stream") {
    const title = "A file's stream was neither read to its end nor destroyed";
    return { record, cause: "stream-stalled", note, title };
  }
  const fix = {
    summary: "Close the file when its work ends, on every path.",
    example: "await using file = await open(path);\n// or: closeSync(descriptor) in finally",
  };
  return { record, cause: "handle-leak", note, title: "A file is still open", fix };
}

function describeListener(record: ListenerRecord): Found {
  const article = /^[aeiou]/i.test(record.targetName) ? "an" : "a";
  const owner = record.targetName === "process" ? "process" : `${article} ${record.targetName}`;
  const note = `The listener for "${String(record.event)}" is on ${owner} that is older than the test.`;
  if (!isOfIterator(record)) return { record, cause: "listener-growth", note };
  const title = "An iterator of events was begun and left";
  return { record, cause: "iterator-abandoned", note, title };
}

function describe({ record, cause, note, title, fix }: Found, scope: Scope): readonly Leak[] {
  const { trace, origin, moment } = record;
  if (isOfEvaluation(trace, scope)) return [];
  const whole = withOrigin(trace?.frames ?? [], origin?.frames ?? []);
  const all = whole.filter((frame) => ownerOf(frame) !== "testkit");
  const first = firstOwned(all);
  if (first !== undefined && ownerOf(first) === "runner") return [];
  const frames = all.filter((frame) => ownerOf(frame) !== "runner");
  const site: Frame | undefined = appFrames(frames)[0];
  if (site === undefined && trace !== undefined) return [];
  return [
    {
      cause,
      title: title ?? titleOf(cause),
      fix: { ...fixOf(cause), ...fix },
      site,
      frames,
      unit: "occurrences",
      certainty: "proven",
      moment,
      notes: [note],
    },
  ];
}
