/** Folded stacks, encoding side. The format is that of {@link decodeFolded}. */
import type { Profile } from "./profile.ts";
import { sampleTypeIndex } from "./sample-type.ts";
import { SequenceIndex } from "./sequence-index.ts";

export interface EncodeFoldedOptions {
  /** Name of the sample type to write; default as {@link sampleTypeIndex} chooses. */
  readonly sampleType?: string;
}

/**
 * Writes one line per distinct stack of function names, root first, inlined calls
 * included, in the order of first appearance. Stacks that add up to 0 are left out.
 * In a name, `;` becomes `:` and line breaks become spaces; a location without a
 * function is its address.
 *
 * @throws {ProfileError} `WT_PROFILE_INCOMPATIBLE` when there is no such sample type.
 */
export function encodeFolded(
  profile: Profile,
  options: EncodeFoldedOptions = {},
): Uint8Array<ArrayBuffer> {
  const { samples } = profile;
  const values = samples.values[sampleTypeIndex(profile, options.sampleType)]!;
  const frames = new LocationFrames(profile);
  const stacks = new SequenceIndex();
  const totals: bigint[] = [];
  const words: number[] = [];
  for (let sample = 0; sample < samples.count; sample++) {
    words.length = 0;
    for (
      let entry = samples.stackOffset[sample + 1]! - 1;
      entry >= samples.stackOffset[sample]!;
      entry--
    ) {
      frames.appendTo(words, samples.stack[entry]!);
    }
    const row = stacks.intern(words, 0, words.length);
    totals[row] = (totals[row] ?? 0n) + values[sample]!;
  }
  return writeLines(stacks, totals, frames.texts);
}

/** The frames of each location, outermost call first, as indexes of texts. */
class LocationFrames {
  readonly texts: string[] = [];
  readonly #places = new Map<string, number>();
  readonly #ofLocation: readonly (readonly number[])[];

  constructor(profile: Profile) {
    const { strings, functions, locations } = profile;
    this.#ofLocation = Array.from({ length: locations.count }, (_, row) => {
      const frames: number[] = [];
      for (
        let line = locations.lineOffset[row + 1]! - 1;
        line >= locations.lineOffset[row]!;
        line--
      ) {
        frames.push(this.#place(strings[functions.name[locations.lineFunction[line]!]!]!));
      }
      if (frames.length > 0) return frames;
      return [this.#place(`0x${locations.address[row]!.toString(16)}`)];
    });
  }

  appendTo(words: number[], location: number): void {
    for (const frame of this.#ofLocation[location]!) words.push(frame);
  }

  #place(name: string): number {
    const text = name.replaceAll(";", ":").replaceAll(/[\r\n]/g, " ");
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

function writeLines(
  stacks: SequenceIndex,
  totals: readonly bigint[],
  texts: readonly string[],
): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const frames = texts.map((text) => encoder.encode(text));
  const out = new TextBlock();
  const { words } = stacks;
  for (let row = 0; row < stacks.count; row++) {
    if (totals[row] === 0n) continue;
    const end = stacks.offsetOf(row + 1);
    for (let word = stacks.offsetOf(row); word < end; word++) {
      out.append(frames[words[word]!]!);
      if (word + 1 < end) out.append(SEMICOLON);
    }
    out.append(encoder.encode(` ${totals[row]}\n`));
  }
  return out.finish();
}

const SEMICOLON = Uint8Array.of(0x3b);

/** Bytes, one piece after the other. */
class TextBlock {
  #bytes = new Uint8Array(65_536);
  #length = 0;

  append(piece: Uint8Array): void {
    if (this.#length + piece.length > this.#bytes.length) {
      const wider = new Uint8Array(this.#bytes.length * 2 + piece.length);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes.set(piece, this.#length);
    this.#length += piece.length;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}
