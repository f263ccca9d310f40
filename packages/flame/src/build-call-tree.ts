/** From samples to a call tree, in one pass over the stacks. */
import type { Profile, ValueType } from "@watertight/profile";
import { sumTotals, type CallTree, type TreeRoot } from "./call-tree.ts";
import { FlameError } from "./errors.ts";
import { FrameInterner } from "./frame-interner.ts";
import { indexStacks } from "./index-stacks.ts";
import { frameLocations, turnAround } from "./location-frames.ts";

export interface CallTreeOptions {
  /** Name (`inuse_space`) or index of the sample type; the profile's default otherwise. */
  readonly sampleType?: string | number;
  /** Default `callers`. */
  readonly root?: TreeRoot;
  /**
   * Most nodes to make. Default 20,000,000, which is about a gigabyte. Once there is no room,
   * stacks that would need a new node end at the last of their callers that has one; the tree
   * says how many samples that were. Totals stay whole.
   */
  readonly nodesMax?: number;
}

/** Index of the sample type to show: the one asked for, the profile's default, or the last. */
export function pickSampleType(profile: Profile, wanted?: string | number): number {
  const types = profile.sampleTypes;
  const name = wanted ?? profile.defaultSampleType;
  const index =
    typeof name === "number" ? name : types.findIndex((candidate) => candidate.type === name);
  if (types[index] !== undefined) return index;
  if (wanted === undefined && types.length > 0) return types.length - 1;
  const known = types.map((candidate) => candidate.type).join(", ");
  throw new FlameError(
    "WT_FLAME_NO_SAMPLE_TYPE",
    wanted === undefined ? "at all" : `"${wanted}" (it holds: ${known})`,
  );
}

/**
 * Adds the samples' values to their nodes. The two halves of an int64 make a double without
 * a BigInt each; typed arrays are little-endian wherever JavaScript runs today.
 */
function sumSelf(nodeCount: number, nodeOfSample: Int32Array, halves: Int32Array): Float64Array {
  const self = new Float64Array(nodeCount);
  for (let sample = 0; sample < nodeOfSample.length; sample++) {
    const value = halves[sample * 2 + 1]! * 4_294_967_296 + (halves[sample * 2]! >>> 0);
    self[nodeOfSample[sample]!]! += value;
  }
  return self;
}

/**
 * Builds the call tree of one sample type. Inlined calls become frames of their own.
 * Throws `WT_FLAME_NO_SAMPLE_TYPE`.
 */
export function buildCallTree(profile: Profile, options: CallTreeOptions = {}): CallTree {
  const type = pickSampleType(profile, options.sampleType);
  const root = options.root ?? "callers";
  const values = profile.samples.values[type]!;
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const interner = new FrameInterner();
  const outermostFirst = frameLocations(profile, interner);
  const locationFrames = root === "callers" ? outermostFirst : turnAround(outermostFirst);
  const nodesMax = options.nodesMax ?? 20_000_000;
  const stacks = indexStacks(profile, locationFrames, { root, halves, nodesMax });
  const nodes = stacks.index.finish();
  const self = sumSelf(nodes.nodeCount, stacks.nodeOfSample, halves);
  return {
    ...nodes,
    self,
    total: sumTotals(nodes.parent, self),
    frames: interner.finish(),
    sampleType: profile.sampleTypes[type] as ValueType,
    root,
    cutSamples: stacks.cutSamples,
  };
}
