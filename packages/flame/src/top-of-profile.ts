/**
 * What each function costs, straight off the samples. A call tree has a node for every distinct stack: where
 * nearly every sample has a stack of its own, that is more than the samples themselves, for a list that needs none of it.
 */
import type { Profile } from "@watertight/profile";
import { pickSampleType } from "./build-call-tree.ts";
import { FrameInterner } from "./frame-interner.ts";
import { frameLocations, type LocationFrames } from "./location-frames.ts";
import { rankTopFunctions, type TopFunction } from "./top-functions.ts";

/** The same list as `listTopFunctions` gives of the profile's call tree, without a tree and its limit of nodes. */
export function listTopFunctionsOf(
  profile: Profile,
  sampleType?: string | number,
): readonly TopFunction[] {
  const values = profile.samples.values[pickSampleType(profile, sampleType)]!;
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const interner = new FrameInterner();
  const locations = frameLocations(profile, interner);
  const frames = interner.finish();
  const flat = new Float64Array(frames.count);
  const cum = new Float64Array(frames.count);
  sumSamples(profile, locations, halves, { flat, cum });
  return rankTopFunctions(frames, flat, cum);
}

/** A function that is on a stack several times counts once: it remembers the last sample that it was met in. */
function sumSamples(
  { samples: { stack, stackOffset, count } }: Profile,
  { offset, frames }: LocationFrames,
  halves: Int32Array,
  { flat, cum }: Readonly<Record<"flat" | "cum", Float64Array>>,
): void {
  const metIn = new Int32Array(cum.length).fill(-1);
  for (let sample = 0; sample < count; sample++) {
    const value = halves[sample * 2 + 1]! * 4_294_967_296 + (halves[sample * 2]! >>> 0);
    const begin = stackOffset[sample]!;
    const end = stackOffset[sample + 1]!;
    if (value === 0 || begin === end) continue;
    flat[frames[offset[stack[begin]! + 1]! - 1]!]! += value;
    for (let at = begin; at < end; at++) {
      const location = stack[at]!;
      const last = offset[location + 1]!;
      for (let row = offset[location]!; row < last; row++) {
        const frame = frames[row]!;
        if (metIn[frame] === sample) continue;
        metIn[frame] = sample;
        cum[frame]! += value;
      }
    }
  }
}
