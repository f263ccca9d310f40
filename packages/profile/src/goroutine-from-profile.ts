/** A pprof goroutine profile (`debug=0`, also `goroutineleak`) as a goroutine dump. */
import { countedGroup } from "./goroutine-counted-group.ts";
import type { Frame, GoroutineDump, GoroutineGroup } from "./goroutine-dump.ts";
import { orderGroups } from "./goroutine-tally.ts";
import { readTaskState, settleRuntime } from "./goroutine-runtime.ts";
import { hideRuntimeFrames, shownName } from "./goroutine-shown-frames.ts";
import { deriveWaitReason, type ProfileFrame } from "./goroutine-wait-reason.ts";
import type { Profile } from "./profile.ts";

interface DerivedStack {
  readonly state: string;
  readonly frames: readonly Frame[];
}

/**
 * Groups the samples of a goroutine profile. The state is derived from the runtime functions at
 * the top of each stack, which are then hidden as `debug=2` hides them. A profile has no ids,
 * ages, creators or argument words.
 *
 * With more than one sample type the one named `goroutine` or `goroutineleak` is read, else the
 * first. Samples of zero or fewer goroutines are passed over.
 */
export function goroutinesFromProfile(profile: Profile): GoroutineDump {
  const types = profile.sampleTypes.map(({ type }) => type);
  const column = Math.max(
    0,
    types.findIndex((type) => /^goroutine(?:leak)?$/.test(type)),
  );
  const leakProfile = types[column] === "goroutineleak";
  const counts = profile.samples.values[column] ?? new BigInt64Array(profile.samples.count);
  const stacks = new StackDeriver(profile);
  const groups = new Map<string, GoroutineGroup>();
  let total = 0;
  for (let sample = 0; sample < profile.samples.count; sample += 1) {
    const count = Number(counts[sample]);
    if (count <= 0) continue;
    total += count;
    const written = labelsOf(profile, sample);
    const { taskState, labels } = readTaskState(written);
    const { state, frames } = stacks.derive(sample, taskState);
    const key = `${state}@${stacks.keyOf(frames)}@${JSON.stringify(labels)}`;
    const sum = count + (groups.get(key)?.count ?? 0);
    const leaked = leakProfile ? sum : 0;
    groups.set(key, countedGroup({ count: sum, state, frames, labels, leaked }));
  }
  return settleRuntime({
    format: "pprof",
    runtime: "go",
    leakProfile,
    total,
    covered: total,
    truncated: false,
    groups: orderGroups([...groups.values()]),
    problems: [],
  });
}

function labelsOf(profile: Profile, sample: number): Readonly<Record<string, string>> {
  const { labelOffset, labelKey, labelString, labelNumber, labelUnit } = profile.samples;
  const pairs: [string, string][] = [];
  for (let at = labelOffset[sample] ?? 0; at < (labelOffset[sample + 1] ?? 0); at += 1) {
    const key = profile.strings[labelKey[at] as number] ?? "";
    const text = profile.strings[labelString[at] as number] ?? "";
    const unit = profile.strings[labelUnit[at] as number] ?? "";
    const number = labelNumber[at] as bigint;
    pairs.push([key, text !== "" || number === 0n ? text : `${number}${unit}`]);
  }
  return Object.fromEntries(pairs.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Turns stacks of locations into states and shown frames; equal frames are one object. */
class StackDeriver {
  readonly #profile: Profile;
  readonly #lines: (readonly ProfileFrame[])[] = [];
  readonly #frames = new Map<string, Frame>();
  readonly #numbers = new Map<Frame, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** A task of Node says its state itself, and none of its frames are Go's runtime's. */
  derive(sample: number, taskState: string | undefined): DerivedStack {
    const { stackOffset, stack } = this.#profile.samples;
    const whole: ProfileFrame[] = [];
    for (let at = stackOffset[sample] ?? 0; at < (stackOffset[sample + 1] ?? 0); at += 1) {
      whole.push(...this.#linesOf(stack[at] as number));
    }
    if (taskState !== undefined) {
      return {
        state: taskState,
        frames: whole.map((frame) => this.#intern(frame, frame.function)),
      };
    }
    const places = hideRuntimeFrames(whole) ?? [...whole.keys()];
    const frames = places.map((place) => {
      const frame = whole[place] as ProfileFrame;
      return this.#intern(frame, shownName(frame.function));
    });
    return { state: deriveWaitReason(whole), frames };
  }

  keyOf(frames: readonly Frame[]): string {
    return frames.map((frame) => this.#numbers.get(frame)).join(",");
  }

  #intern({ file, line }: ProfileFrame, printed: string): Frame {
    const key = `${printed}\t${file}:${line}`;
    let frame = this.#frames.get(key);
    if (frame === undefined) {
      frame = { function: printed, file, line };
      this.#frames.set(key, frame);
      this.#numbers.set(frame, this.#numbers.size);
    }
    return frame;
  }

  #linesOf(location: number): readonly ProfileFrame[] {
    const known = this.#lines[location];
    if (known !== undefined) return known;
    const { strings, functions, locations } = this.#profile;
    const lines: ProfileFrame[] = [];
    const end = locations.lineOffset[location + 1] ?? 0;
    for (let at = locations.lineOffset[location] ?? 0; at < end; at += 1) {
      const row = locations.lineFunction[at] as number;
      lines.push({
        function: strings[functions.name[row] as number] ?? "",
        file: strings[functions.file[row] as number] ?? "",
        line: Number(locations.lineNumber[at]),
        startLine: Number(functions.startLine[row] ?? 0n),
      });
    }
    this.#lines[location] = lines;
    return lines;
  }
}
