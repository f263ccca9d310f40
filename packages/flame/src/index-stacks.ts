/** The hot loop: tens of millions of locations, walked into a tree. */
import type { Profile } from "@watertight/profile";
import { NO_NODE, type TreeRoot } from "./call-tree.ts";
import type { LocationFrames } from "./location-frames.ts";
import { NodeIndex } from "./node-index.ts";

/** Longest stack, in locations. */
function deepestStack(stackOffset: Uint32Array, count: number): number {
  let deepest = 0;
  for (let row = 0; row < count; row++) {
    deepest = Math.max(deepest, stackOffset[row + 1]! - stackOffset[row]!);
  }
  return deepest;
}

function widen(ways: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(ways.length * 2).fill(-1, ways.length);
  wider.set(ways);
  return wider;
}

/** The node that each sample ends in, 0 for a sample without a value. */
export interface IndexedStacks {
  readonly index: NodeIndex;
  readonly nodeOfSample: Int32Array;
  /** Samples that end further out than their stack does, because the tree was full. */
  readonly cutSamples: number;
}

/** From which end stacks are walked, over which values, into how many nodes at most. */
export interface WalkOptions {
  readonly root: TreeRoot;
  /**
   * The values as pairs of 32-bit words: zero is common in heap profiles (freed since) and
   * would add empty nodes.
   */
  readonly halves: Int32Array;
  readonly nodesMax: number;
}

/**
 * Finds or adds the node of every sample's stack. Neighbouring samples share callers, so a
 * walk starts where the stack leaves the previous one's.
 */
export function indexStacks(
  profile: Profile,
  { offset, frames }: LocationFrames,
  { root, halves, nodesMax }: WalkOptions,
): IndexedStacks {
  const { stack, stackOffset, count } = profile.samples;
  const index = new NodeIndex(nodesMax);
  const nodeOfSample = new Int32Array(count);
  const path = new Int32Array(deepestStack(stackOffset, count) + 1);
  const step = root === "callers" ? -1 : 1;
  // For every node the location that it was last left by, and where that led: most walks go
  // the way that the last one went.
  let ways = new Int32Array(8192).fill(-1);
  let previousAt = 0;
  let previousDepth = 0;
  let cutSamples = 0;
  for (let sample = 0; sample < count; sample++) {
    if (halves[sample * 2] === 0 && halves[sample * 2 + 1] === 0) continue;
    const begin = stackOffset[sample]!;
    const depth = stackOffset[sample + 1]! - begin;
    const outer = step < 0 ? begin + depth - 1 : begin;
    const shareable = depth < previousDepth ? depth : previousDepth;
    let level = 0;
    let at = outer;
    let other = previousAt;
    while (level < shareable && stack[at] === stack[other]) {
      level++;
      at += step;
      other += step;
    }
    let node = path[level]!;
    while (level < depth) {
      const location = stack[at]!;
      let next = ways[node * 2] === location ? ways[node * 2 + 1]! : NO_NODE;
      if (next === NO_NODE) {
        next = node;
        const last = offset[location + 1]!;
        for (let row = offset[location]!; row < last && next !== NO_NODE; row++) {
          next = index.childOf(next, frames[row]!);
        }
        if (next === NO_NODE) break;
        if (index.nodeCount * 2 > ways.length) ways = widen(ways);
        ways[node * 2] = location;
        ways[node * 2 + 1] = next;
      }
      node = next;
      at += step;
      path[++level] = node;
    }
    if (level < depth) cutSamples++;
    previousAt = outer;
    previousDepth = level;
    nodeOfSample[sample] = node;
  }
  return { index, nodeOfSample, cutSamples };
}
