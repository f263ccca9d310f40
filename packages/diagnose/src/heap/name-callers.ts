/**
 * The service's own line behind goroutines that a library started for it. Their stacks do not
 * say it: the caller has returned. The heap profile does: what the library allocated on the
 * caller's stack is still in use, because the leaked goroutines hold it.
 */
import type { Evidence, Finding } from "@watertight/finding";
import type { Observation } from "../observation.ts";
import type { FrameOriginOptions } from "../stack/frame-origin.ts";
import { entryPointsOf } from "../view/origin.ts";
import { HeapPlaces, type CallerTotals } from "./heap-places.ts";

/** A line with less than this share of it is one candidate among others, not the line to open. */
const OPEN_FIRST_SHARE_MIN = 0.5;
const CALLERS_SHOWN_MAX = 3;

/** Adds the calling lines to findings whose creator is a library's; others stay as they are. */
export function nameCallers(
  findings: readonly Finding[],
  observations: readonly Observation[],
  options: FrameOriginOptions,
): readonly Finding[] {
  const heap = observations.findLast((observation) => observation.heap !== undefined)?.heap;
  if (heap === undefined) return findings;
  const places = new HeapPlaces(heap, options);
  return findings.map((finding) => nameCaller(finding, places));
}

function nameCaller(finding: Finding, places: HeapPlaces): Finding {
  const library = finding.creator === undefined ? undefined : entryPointsOf(finding.creator);
  if (library === undefined) return finding;
  const held = places.findCallers(library, "inuse_space");
  // A heap is sampled: small leaks may not be in it yet, but everything ever allocated is.
  const callers = held.length > 0 ? held : places.findCallers(library, "alloc_space");
  const [first] = callers;
  if (first === undefined) return finding;
  const total = callers.reduce((sum, { value }) => sum + value, 0);
  const isClear = first.value >= total * OPEN_FIRST_SHARE_MIN;
  const evidence = describeCallers(callers, total, held.length > 0);
  const known = finding.evidence.filter(
    ({ text }) => !text.includes("does not say for which line"),
  );
  return {
    ...finding,
    ...(isClear ? { creator: first.frame } : {}),
    evidence: [...known, evidence],
  };
}

function describeCallers(
  callers: readonly CallerTotals[],
  total: number,
  isHeld: boolean,
): Evidence {
  const shown = callers.slice(0, CALLERS_SHOWN_MAX);
  const places = shown.map(({ frame, value }) => {
    const file = frame.file.slice(frame.file.lastIndexOf("/") + 1);
    return `${frame.function} (${file}:${frame.line}) ${Math.round((100 * value) / total)} %`;
  });
  const what = isHeld ? "still holds" : "was ever allocated";
  const subject = isHeld
    ? `Of what the library ${what} on the heap`
    : `Of what ${what} in the library`;
  return {
    text: `${subject}, these lines of the service asked for: ${places.join(", ")}.`,
    frames: shown.map(({ frame }) => frame),
  };
}
