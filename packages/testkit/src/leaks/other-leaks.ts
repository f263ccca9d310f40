/** Bodies, file descriptors, listeners and generators that a scope leaves. */
import type { Frame } from "@watertight/finding";
import { titleOf, type TestCause } from "../cause.ts";
import type { Leak } from "../leak.ts";
import type { Scope } from "../scope.ts";
import { appFrames, firstOwned, ownerOf } from "../stack-frame.ts";
import type { Trace } from "../trace.ts";

/** What any record of a scope carries. */
interface Recorded {
  readonly trace: Trace | undefined;
  readonly moment: number;
}
import { unreadBodies } from "../watches/bodies.ts";
import { openDescriptors } from "../watches/descriptors.ts";
import { abandonedGenerators } from "../watches/generators.ts";
import { isOfIterator, leftListeners } from "../watches/listeners.ts";

/** Everything that is neither an await nor a handle of the event loop. */
export function findOtherLeaks(scope: Scope): readonly Leak[] {
  return [
    ...unreadBodies(scope).flatMap((record) =>
      describe("unclosed-body", record, `The response to ${record.request} has arrived and waits.`),
    ),
    ...openDescriptors(scope).flatMap((record) =>
      describe(
        record.kind === "stream" ? "stream-stalled" : "handle-leak",
        record,
        `Descriptor ${record.descriptor} is open on ${record.target}.`,
        record.kind === "stream"
          ? "A file's stream was neither read to its end nor destroyed"
          : "A file is still open",
      ),
    ),
    ...leftListeners(scope).flatMap((record) =>
      describe(
        isOfIterator(record) ? "iterator-abandoned" : "listener-growth",
        record,
        `The listener for "${String(record.event)}" is on a ${record.targetName} that is older than the test.`,
        isOfIterator(record) ? "An iterator of events was begun and left" : undefined,
      ),
    ),
    ...abandonedGenerators(scope).flatMap((record) =>
      describe("iterator-abandoned", record, "It waits at a yield, so its finally never runs."),
    ),
  ];
}

function describe(
  cause: TestCause,
  { trace, moment }: Recorded,
  note: string,
  title: string | undefined = titleOf(cause),
): readonly Leak[] {
  const all = (trace?.frames ?? []).filter((frame) => ownerOf(frame) !== "testkit");
  const first = firstOwned(all);
  if (first !== undefined && ownerOf(first) === "runner") return [];
  const frames = all.filter((frame) => ownerOf(frame) !== "runner");
  const site: Frame | undefined = appFrames(frames)[0];
  if (site === undefined && trace !== undefined) return [];
  return [
    {
      cause,
      title,
      site,
      frames,
      unit: "occurrences",
      certainty: "proven",
      moment,
      notes: [note],
    },
  ];
}
