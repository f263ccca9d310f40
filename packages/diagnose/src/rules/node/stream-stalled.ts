/**
 * A task waits for a stream to drain, to have data or to end, and the other side has stopped.
 *
 * Looks alike: a reader of a long-lived connection. As many as there are connections stay.
 */
import type { GroupView } from "../../view/group-view.ts";
import type { Rule } from "../rule.ts";
import { atAwait, creatorOf, taskEvidence } from "./task-words.ts";

export const streamStalled: Rule = {
  cause: "stream-stalled",
  fix: {
    summary:
      "Connect streams with pipeline and a signal, call back from every transform, destroy what is no longer read, and wait for drain together with close.",
    example: `// before
source.pipe(target); // target closes: source stays open

// after
await pipeline(source, target, { signal: AbortSignal.timeout(60_000) });`,
  },
  match(view) {
    if (view.siteIndex < 0 || !waitsForStream(view)) return undefined;
    return {
      title: "A task waits for a stream whose other side has stopped",
      patience: "may-idle",
      creator: creatorOf(view),
      evidence: taskEvidence(view, `The tasks wait for the stream ${atAwait(view)}.`),
    };
  },
};

const STREAM_FILE = /^node:(?:internal\/)?(?:streams\/|webstreams\/|stream)/;
const STREAM_HOLDER =
  /\(stream\)|\b(?:Readable|Writable|Duplex|Transform|PassThrough|(?:Internal)?(?:Readable|Writable|Transform)Stream|ReadStream|WriteStream|Gzip|Gunzip|Inflate|Deflate)\b/;

/** Whatever it is of, who listens to that waits for the other side to take what was written. */
const DRAIN_LISTENER = /\b_events > Object\.drain\b/;

function waitsForStream({ group, siteIndex }: GroupView): boolean {
  const inner = group.frames.slice(0, siteIndex);
  if (inner.some(({ file }) => STREAM_FILE.test(file))) return true;
  const { waker = "" } = group;
  return STREAM_HOLDER.test(waker) || DRAIN_LISTENER.test(waker);
}
