/** The hot loop: tens of millions of locations, walked into a tree. */
import type { Profile } from "@watertight/profile";
import type { TreeRoot } from "./call-tree.ts";
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

function widen(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(column.length * 2);
  wider.set(column);
  return wider;
}

/** The node that each sample ends in, 0 for a sample without a value. */
export interface IndexedStacks {
  readonly index: NodeIndex;
  readonly nodeOfSample: Int32Array;
}

/**
 * Finds or adds the node of every sample's stack. Neighbouring samples share callers, so a
 * walk starts where the stack leaves the previous one's. `halves` holds the values as pairs
 * of 32-bit words: zero is common in heap profiles (freed since) and would add empty nodes.
 */
export function indexStacks(
  profile: Profile,
  { offset, frames }: LocationFrames,
  root: TreeRoot,
  halves: Int32Array,
): IndexedStacks {
  const { stack, stackOffset, count } = profile.samples;
  const index = new NodeIndex();
  const nodeOfSample = new Int32Array(count);
  const path = new Int32Array(deepestStack(stackOffset, count) + 1);
  const step = root === "callers" ? -1 : 1;
  // For every node the location last left by (plus one) and where it led.
  let lastWay = new Int32Array(8192);
  let previousAt = 0;
  let previousDepth = 0;
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
      if (lastWay[node * 2] === location + 1) {
        node = lastWay[node * 2 + 1]!;
      } else {
        const from = node;
        const last = offset[location + 1]!;
        for (let row = offset[location]!; row < last; row++)
          node = index.childOf(node, frames[row]!);
        if (index.nodeCount * 2 > lastWay.length) lastWay = widen(lastWay);
        lastWay[from * 2] = location + 1;
        lastWay[from * 2 + 1] = node;
      }
      at += step;
      path[++level] = node;
    }
    previousAt = outer;
    previousDepth = depth;
    nodeOfSample[sample] = node;
  }
  return { index, nodeOfSample };
}
