/**
 * V8 sampling heap profiles (`.heapprofile`): a tree of allocation sites with the bytes that
 * are still in use. Format: Chrome DevTools Protocol, `HeapProfiler.SamplingHeapProfile`.
 */
import { describeProfileProblem, ProfileError } from "../errors.ts";
import type { Profile } from "../profile.ts";
import { markCollected } from "../collected-heap.ts";
import { ProfileBuilder } from "../profile-builder.ts";
import { type CallFrame, internCallFrame, isCallFrame } from "./call-frame.ts";
import { readJson } from "./read-json.ts";

interface HeapNode {
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly id?: number;
  readonly children: readonly HeapNode[];
}

/** A `HeapProfiler.SamplingHeapProfile`, as `HeapProfiler.getSamplingProfile` answers it. */
export interface SamplingHeapProfile {
  readonly head: HeapNode;
  readonly samples?: readonly { readonly size: number; readonly nodeId: number }[];
}

/** Decodes the bytes of a `.heapprofile`. Throws a {@link ProfileError} when it is none. */
export function decodeHeapProfile(bytes: Uint8Array): Profile {
  return importHeapProfile(readJson(bytes, "a heap profile"));
}

/**
 * Sample types `inuse_objects/count` (0 where the profile lists no samples) and `inuse_space/bytes`. V8's inspector
 * collects garbage before it writes one (`kSamplingForceGC` in `v8-heap-profiler-agent-impl.cc`).
 */
export function importHeapProfile(value: unknown): Profile {
  const { head, samples } = checkHeapProfile(value);
  const objects = new Map<number, number>();
  for (const { nodeId } of samples ?? []) objects.set(nodeId, (objects.get(nodeId) ?? 0) + 1);
  const builder = new ProfileBuilder({
    sampleTypes: [
      { type: "inuse_objects", unit: "count" },
      { type: "inuse_space", unit: "bytes" },
    ],
    defaultSampleType: "inuse_space",
    periodType: { type: "space", unit: "bytes" },
  });
  // A stack of our own: recursion in the profiled program is as deep as it likes.
  const pending: { readonly node: HeapNode; readonly above: readonly number[] }[] = [
    { node: head, above: [] },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, above } = next;
    const isRoot = node.callFrame.functionName === "(root)";
    const stack = isRoot ? above : [internCallFrame(builder, node.callFrame), ...above];
    if (node.selfSize > 0) {
      builder.addSample(stack, [objects.get(node.id ?? -1) ?? 0, Math.round(node.selfSize)]);
    }
    for (const child of node.children) pending.push({ node: child, above: stack });
  }
  return markCollected(builder.build());
}

function checkHeapProfile(value: unknown): SamplingHeapProfile {
  const profile = value as Partial<SamplingHeapProfile> | null;
  const pending: unknown[] = [profile?.head];
  let isOne = true;
  while (pending.length > 0 && isOne) {
    const node = pending.pop() as Partial<HeapNode> | null | undefined;
    isOne =
      isCallFrame(node?.callFrame) &&
      typeof node.selfSize === "number" &&
      Array.isArray(node.children);
    if (isOne) for (const child of node?.children ?? []) pending.push(child);
  }
  if (!isOne) {
    throw new ProfileError(
      describeProfileProblem(
        "WT_PROFILE_UNKNOWN_FORMAT",
        0,
        "a heap profile is a tree of call frames",
      ),
    );
  }
  return profile as SamplingHeapProfile;
}
