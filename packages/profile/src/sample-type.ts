/** Choosing one of a profile's sample types. */
import { describeProfileProblem, ProfileError } from "./errors.ts";
import type { Profile } from "./profile.ts";

/**
 * The index of the sample type called `name`; without a name the profile's default,
 * and without that the last one, as `go tool pprof` chooses.
 *
 * @throws {ProfileError} `WT_PROFILE_INCOMPATIBLE` when there is no such sample type.
 */
export function sampleTypeIndex(profile: Profile, name?: string): number {
  const types = profile.sampleTypes.map(({ type }) => type);
  if (name === undefined) {
    const index = profile.defaultSampleType ? types.indexOf(profile.defaultSampleType) : -1;
    if (index >= 0 || types.length > 0) return index >= 0 ? index : types.length - 1;
  }
  const index = types.indexOf(name ?? "");
  if (index >= 0) return index;
  const what = `no sample type ${JSON.stringify(name ?? "")}, only ${JSON.stringify(types)}`;
  throw new ProfileError(describeProfileProblem("WT_PROFILE_INCOMPATIBLE", 0, what));
}
