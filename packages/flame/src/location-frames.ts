/** What the locations of a profile are called: one frame each, or several where calls were inlined. */
import { NO_MAPPING, type Profile } from "@watertight/profile";
import type { FrameInterner } from "./frame-interner.ts";

/** The frames that each location stands for, outermost call first. */
export interface LocationFrames {
  /** `count + 1` offsets into {@link LocationFrames.frames}. */
  readonly offset: Uint32Array;
  readonly frames: Uint32Array;
}

/** What to call a location without symbols: its binary as pprof does, else its address. */
function nameUnknown(profile: Profile, location: number): string {
  const { address, mapping } = profile.locations;
  const row = mapping[location]!;
  const file = row === NO_MAPPING ? "" : (profile.strings[profile.mappings.file[row]!] ?? "");
  if (file !== "") return `[${file.slice(file.lastIndexOf("/") + 1)}]`;
  return `0x${address[location]!.toString(16)}`;
}

function frameFunctions(profile: Profile, interner: FrameInterner): Uint32Array {
  const { functions, strings } = profile;
  const rows = new Uint32Array(functions.count);
  for (let row = 0; row < functions.count; row++) {
    const name = strings[functions.name[row]!] || strings[functions.systemName[row]!];
    rows[row] = interner.rowOf(name || "(unnamed)", strings[functions.file[row]!]!);
  }
  return rows;
}

/** Frames of every location; a location without symbols gets one for its binary or address. */
export function frameLocations(profile: Profile, interner: FrameInterner): LocationFrames {
  const { locations } = profile;
  const functionFrames = frameFunctions(profile, interner);
  const offset = new Uint32Array(locations.count + 1);
  const frames = new Uint32Array(locations.lineFunction.length + locations.count);
  let used = 0;
  for (let location = 0; location < locations.count; location++) {
    const first = locations.lineOffset[location]!;
    for (let line = locations.lineOffset[location + 1]! - 1; line >= first; line--) {
      frames[used++] = functionFrames[locations.lineFunction[line]!]!;
    }
    if (used === offset[location]) {
      frames[used++] = interner.rowOf(nameUnknown(profile, location), "");
    }
    offset[location + 1] = used;
  }
  return { offset, frames: frames.subarray(0, used) };
}

/** Turns each location's frames around, innermost call first. */
export function turnAround({ offset, frames }: LocationFrames): LocationFrames {
  const turned = frames.slice();
  for (let location = 0; location + 1 < offset.length; location++) {
    turned.subarray(offset[location], offset[location + 1]).reverse();
  }
  return { offset, frames: turned };
}
