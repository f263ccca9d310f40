/** In-use bytes by the function that allocated them, read straight off the samples. */
import { fileBaseName, normaliseFunctionName } from "@watertight/finding";
import type { Frame, Profile } from "@watertight/profile";
import type { Observation } from "../observation.ts";

/** Bytes per heap capture, in order of time. */
export interface SiteBytes {
  readonly bytes: readonly number[];
  readonly atMs: readonly number[];
}

/** Sums what every capture holds below a site; zero where the site is not in a capture. */
export function sumSiteBytes(
  observations: readonly Observation[],
  site: Frame | undefined,
): SiteBytes {
  const captured = observations
    .filter(({ heap }) => heap !== undefined)
    .toSorted((a, b) => a.atMs - b.atMs);
  const wanted = site === undefined ? "" : nameOf(site.function, site.file);
  return {
    bytes: captured.map(({ heap }) => sumBelow(heap as Profile, wanted)),
    atMs: captured.map(({ atMs }) => atMs),
  };
}

function sumBelow(profile: Profile, wanted: string): number {
  const type = profile.sampleTypes.findIndex((candidate) => candidate.type === "inuse_space");
  const values = profile.samples.values[type];
  if (values === undefined) return 0;
  const holds = markLocations(profile, wanted);
  const { stack, stackOffset, count } = profile.samples;
  let total = 0;
  for (let sample = 0; sample < count; sample++) {
    const end = stackOffset[sample + 1] as number;
    for (let at = stackOffset[sample] as number; at < end; at++) {
      if (holds[stack[at] as number] === 0) continue;
      total += Number(values[sample]);
      break;
    }
  }
  return total;
}

/** As a report and a profile of another machine agree on it: in Go a name is enough, elsewhere every file has its own. */
function nameOf(name: string, file: string): string {
  const normal = normaliseFunctionName(name);
  return file === "" || file.endsWith(".go") ? normal : `${normal} ${fileBaseName(file)}`;
}

/** 1 for every location that has a line of the wanted function. */
function markLocations(profile: Profile, wanted: string): Uint8Array {
  const { functions, locations, strings } = profile;
  const isWanted = new Uint8Array(functions.count);
  for (let row = 0; row < functions.count; row++) {
    const name = strings[functions.name[row] as number] ?? "";
    const file = strings[functions.file[row] as number] ?? "";
    if (nameOf(name, file) === wanted) isWanted[row] = 1;
  }
  const holds = new Uint8Array(locations.count);
  for (let row = 0; row < locations.count; row++) {
    const end = locations.lineOffset[row + 1] as number;
    for (let line = locations.lineOffset[row] as number; line < end; line++) {
      if (isWanted[locations.lineFunction[line] as number] === 1) holds[row] = 1;
    }
  }
  return holds;
}
