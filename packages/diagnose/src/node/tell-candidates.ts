import type { Evidence, Frame } from "@watertight/finding";
import { describeFrame } from "../evidence.ts";

/** What is known where the heap has no line: the lines of the program that make such things. */
export function tellCandidates(candidates: readonly Frame[]): readonly Evidence[] {
  const text =
    candidates.length === 0
      ? "The heap does not say which line made them, and in the program's own files none is known to make such things: the line is a dependency's, or calls what makes them by a name that was not followed."
      : `The heap does not say which line made them; these lines of the program make such things: ${candidates.map((frame) => describeFrame(frame)).join(", ")}.`;
  return [candidates.length === 0 ? { text } : { text, frames: candidates }];
}
