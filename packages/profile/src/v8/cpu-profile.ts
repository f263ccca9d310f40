/**
 * V8 CPU profiles (`.cpuprofile`): a call tree, and a list of which node was on top at each
 * sample. Format: Chrome DevTools Protocol, `Profiler.Profile`.
 */
import { describeProfileProblem, ProfileError } from "../errors.ts";
import type { Profile } from "../profile.ts";
import { ProfileBuilder } from "../profile-builder.ts";
import { type CallFrame, internCallFrame, isCallFrame } from "./call-frame.ts";
import { readJson } from "./read-json.ts";

interface CpuNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly hitCount?: number;
  readonly children?: readonly number[];
}

/** A `Profiler.Profile`, as the inspector's `Profiler.stop` answers it. */
export interface CpuProfile {
  readonly nodes: readonly CpuNode[];
  /** Microseconds. */
  readonly startTime: number;
  readonly endTime: number;
  readonly samples?: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas?: readonly number[];
}

/** Frames that stand for no work: they are left out of the total, as pprof does. */
const idle = new Set(["(root)", "(idle)"]);

/** Decodes the bytes of a `.cpuprofile`. Throws a {@link ProfileError} when it is none. */
export function decodeCpuProfile(bytes: Uint8Array): Profile {
  return importCpuProfile(readJson(bytes, "a CPU profile"));
}

/** Sample types `samples/count` and `cpu/nanoseconds`. */
export function importCpuProfile(value: unknown): Profile {
  const cpu = checkCpuProfile(value);
  const nodes = new Map(cpu.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    cpu.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)),
  );
  const durationMicros = Math.max(0, cpu.endTime - cpu.startTime);
  const tally = tallySamples(cpu);
  const total = [...tally.values()].reduce((sum, { count }) => sum + count, 0);
  const builder = new ProfileBuilder({
    sampleTypes: [
      { type: "samples", unit: "count" },
      { type: "cpu", unit: "nanoseconds" },
    ],
    defaultSampleType: "cpu",
    durationNanos: BigInt(Math.round(durationMicros * 1000)),
    periodType: { type: "cpu", unit: "nanoseconds" },
    period: BigInt(total === 0 ? 0 : Math.round((durationMicros * 1000) / total)),
  });
  for (const [id, { count, micros }] of tally) {
    const leaf = nodes.get(id);
    if (!leaf || idle.has(leaf.callFrame.functionName)) continue;
    builder.addSample(stackOf(builder, id, nodes, parents), [count, Math.round(micros * 1000)]);
  }
  return builder.build();
}

function stackOf(
  builder: ProfileBuilder,
  leaf: number,
  nodes: ReadonlyMap<number, CpuNode>,
  parents: ReadonlyMap<number, number>,
): readonly number[] {
  const stack: number[] = [];
  const seen = new Set<number>();
  for (let id: number | undefined = leaf; id !== undefined && !seen.has(id); id = parents.get(id)) {
    seen.add(id);
    const frame = nodes.get(id)?.callFrame;
    if (frame && frame.functionName !== "(root)") stack.push(internCallFrame(builder, frame));
  }
  return stack;
}

interface Hits {
  readonly count: number;
  readonly micros: number;
}

/** Hits and time of each node: from the sample list where there is one, else from its hit counts. */
function tallySamples(cpu: CpuProfile): ReadonlyMap<number, Hits> {
  const tally = new Map<number, Hits>();
  const add = (id: number, count: number, micros: number): void => {
    const known = tally.get(id) ?? { count: 0, micros: 0 };
    tally.set(id, { count: known.count + count, micros: known.micros + micros });
  };
  if (cpu.samples && cpu.samples.length > 0) {
    // A delta is the time before its sample: the time of sample i ends where sample i + 1 begins.
    cpu.samples.forEach((id, at) => add(id, 1, Math.max(0, cpu.timeDeltas?.[at + 1] ?? 0)));
    return tally;
  }
  const hits = cpu.nodes.reduce((sum, node) => sum + (node.hitCount ?? 0), 0);
  const perHit = hits === 0 ? 0 : Math.max(0, cpu.endTime - cpu.startTime) / hits;
  for (const { id, hitCount = 0 } of cpu.nodes) {
    if (hitCount > 0) add(id, hitCount, hitCount * perHit);
  }
  return tally;
}

function checkCpuProfile(value: unknown): CpuProfile {
  const cpu = value as Partial<CpuProfile> | null;
  const isOne =
    Array.isArray(cpu?.nodes) &&
    typeof cpu.startTime === "number" &&
    typeof cpu.endTime === "number" &&
    cpu.nodes.every((node) => typeof node?.id === "number" && isCallFrame(node.callFrame));
  if (!isOne) {
    throw new ProfileError(
      describeProfileProblem(
        "WT_PROFILE_UNKNOWN_FORMAT",
        0,
        "a CPU profile has nodes, startTime and endTime",
      ),
    );
  }
  return cpu as CpuProfile;
}
