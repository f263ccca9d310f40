/**
 * Buffers that the agent's heap profile puts down to no line: what the process holds without what the samples
 * stand for. That is an estimate as rough as they are, and rises now and then only because they fall short.
 */
import type { HeapPlaces } from "./heap-places.ts";
import { DEVIATIONS_MAX } from "./sampling-error.ts";

/** What the agent calls them. */
export const UNKNOWN_BUFFERS = "(buffers of unknown origin)";

/** The profiles that a series begins and ends with. */
interface Ends {
  readonly before: HeapPlaces;
  readonly after: HeapPlaces;
}

/** True where what is left over grew by no more than what was sampled may be wrong by. */
export function isSamplingError({ before, after }: Ends): boolean {
  const rest = unknownOf(after) - unknownOf(before);
  const sampled = Math.max(0, sampledOf(after) - sampledOf(before));
  // Samples come by chance, one in so many bytes: their sum strays by the root of their number.
  return rest <= DEVIATIONS_MAX * Math.sqrt(sampled * after.externalIntervalBytes());
}

function unknownOf(places: HeapPlaces): number {
  return places.measure({ function: UNKNOWN_BUFFERS, file: "" }).externalBytes;
}

function sampledOf(places: HeapPlaces): number {
  return places.findExternal().reduce((sum, { value }) => sum + value, 0);
}
