/** The places in code that a profile names, and the same profile with other ones: of the code that was written. */
import type { Profile } from "./profile.ts";

/** A function and the line in it that a location of a profile stands for. */
export interface ProfilePlace {
  readonly function: string;
  readonly file: string;
  /** 0 when unknown. */
  readonly line: number;
  /** From 1 on; 0 when unknown. */
  readonly column: number;
}

/** Where a place is instead. */
export type MovedPlace = Pick<ProfilePlace, "function" | "file" | "line">;

/** Every place of a profile; one that stands in several locations comes several times. */
export function listPlaces(profile: Profile): readonly ProfilePlace[] {
  const rows = profile.locations.lineFunction.length;
  return Array.from({ length: rows }, (_, row) => placeAt(profile, row));
}

/**
 * The profile with its places moved; `undefined` leaves one where it is. What is moved loses its column,
 * and its function the line that it starts at: both are of the code that ran.
 */
export function movePlaces(
  profile: Profile,
  move: (place: ProfilePlace) => MovedPlace | undefined,
): Profile {
  const { locations } = profile;
  const lineFunction = locations.lineFunction.slice();
  const lineNumber = locations.lineNumber.slice();
  const lineColumn = locations.lineColumn.slice();
  const added = new AddedFunctions(profile);
  for (let row = 0; row < lineFunction.length; row++) {
    const moved = move(placeAt(profile, row));
    if (moved === undefined) continue;
    lineFunction[row] = added.rowOf(moved);
    lineNumber[row] = BigInt(moved.line);
    lineColumn[row] = 0n;
  }
  return {
    ...profile,
    ...added.finish(),
    locations: { ...locations, lineFunction, lineNumber, lineColumn },
  };
}

function placeAt({ functions, locations, strings }: Profile, row: number): ProfilePlace {
  const at = locations.lineFunction[row] as number;
  return {
    function: strings[functions.name[at] as number] as string,
    file: strings[functions.file[at] as number] as string,
    line: Number(locations.lineNumber[row]),
    column: Number(locations.lineColumn[row]),
  };
}

/** Functions behind those that the profile has. */
class AddedFunctions {
  readonly #profile: Profile;
  readonly #strings: string[];
  readonly #names: number[] = [];
  readonly #files: number[] = [];
  readonly #rows = new Map<string, number>();
  readonly #texts = new Map<string, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#strings = [...profile.strings];
  }

  rowOf({ function: name, file }: MovedPlace): number {
    const key = `${name}\n${file}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = this.#profile.functions.count + this.#names.length;
    this.#names.push(this.#textOf(name));
    this.#files.push(this.#textOf(file));
    this.#rows.set(key, row);
    return row;
  }

  finish(): Pick<Profile, "strings" | "functions"> {
    const { functions } = this.#profile;
    const count = functions.count + this.#names.length;
    const append = (column: Uint32Array, more: readonly number[]): Uint32Array => {
      const longer = new Uint32Array(count);
      longer.set(column.subarray(0, functions.count));
      longer.set(more, functions.count);
      return longer;
    };
    const startLine = new BigInt64Array(count);
    startLine.set(functions.startLine.subarray(0, functions.count));
    return {
      strings: this.#strings,
      functions: {
        count,
        name: append(functions.name, this.#names),
        systemName: append(functions.systemName, this.#names),
        file: append(functions.file, this.#files),
        startLine,
      },
    };
  }

  #textOf(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const index = this.#strings.push(text) - 1;
    this.#texts.set(text, index);
    return index;
  }
}
