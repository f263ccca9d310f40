/** What the agent for Node says of samples outside of V8's heap, by their labels. */
import type { Profile } from "@watertight/profile";

const MEMORY_LABEL = "memory";
/** How many bytes lie between two samples, where the profile's period is another sampler's. */
const INTERVAL_LABEL = "sampling_interval";

/** Whether a sample is of memory outside of the runtime's heap. */
export function isExternal(profile: Profile, sample: number): boolean {
  const label = findLabel(profile, sample, MEMORY_LABEL);
  const text = label === undefined ? 0 : (profile.samples.labelString[label] as number);
  return profile.strings[text] === "external";
}

/** Bytes between two samples like this one, on average. */
export function intervalOf(profile: Profile, sample: number): number {
  const label = findLabel(profile, sample, INTERVAL_LABEL);
  return Number(label === undefined ? profile.period : profile.samples.labelNumber[label]);
}

/** The same for all that is outside of the runtime's heap. */
export function externalInterval(profile: Profile): number {
  for (let sample = 0; sample < profile.samples.count; sample++) {
    if (findLabel(profile, sample, INTERVAL_LABEL) !== undefined)
      return intervalOf(profile, sample);
  }
  return Number(profile.period);
}

/** Row of a sample's label. */
function findLabel({ strings, samples }: Profile, sample: number, key: string): number | undefined {
  const end = samples.labelOffset[sample + 1] as number;
  for (let at = samples.labelOffset[sample] as number; at < end; at++) {
    if (strings[samples.labelKey[at] as number] === key) return at;
  }
  return undefined;
}
