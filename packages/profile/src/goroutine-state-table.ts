/** The states of a dump, interned from their bytes. */
import { copyView, hashBytes, readText, sameBytes } from "./goroutine-bytes.ts";

/** Spellings kept; a runtime has about seventy. Further ones (damaged input) share the state 0, "". */
const SPELLINGS_MAX = 1024;
const SLOTS = 4096;

/** The runtime's marks after a state, in the order it prints them. */
const MARKS = [" (durable)", " (scan)", " (leaked)"];

/** Splits `chan receive (leaked) (scan)` into the state and whether it was marked leaked. */
function splitState(spelling: string): { readonly state: string; readonly leaked: boolean } {
  let state = spelling;
  let leaked = false;
  for (const mark of MARKS) {
    if (!state.endsWith(mark)) continue;
    state = state.slice(0, -mark.length);
    leaked ||= mark === " (leaked)";
  }
  return { state, leaked };
}

export class StateTable {
  /** 1 when the spelling looked up last was marked `(leaked)`. */
  leaked = 0;

  readonly #states: string[] = [""];
  readonly #stateNumbers = new Map<string, number>([["", 0]]);
  readonly #spellings: { text: DataView; state: number; leaked: number }[] = [];
  readonly #slots = new Int16Array(SLOTS).fill(-1);

  /** The number of the state spelled at `bytes[start … end]`. */
  find(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const length = end - start;
    let slot = hashBytes(view, start, length, 0) & (SLOTS - 1);
    for (;;) {
      const known = this.#slots[slot] as number;
      if (known < 0) break;
      const spelling = this.#spellings[known] as { text: DataView; state: number; leaked: number };
      if (spelling.text.byteLength === length && sameBytes(spelling.text, 0, view, start, length)) {
        this.leaked = spelling.leaked;
        return spelling.state;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    return this.#add(bytes, start, end, slot);
  }

  name(state: number): string {
    return this.#states[state] as string;
  }

  #add(bytes: Uint8Array, start: number, end: number, slot: number): number {
    this.leaked = 0;
    if (this.#spellings.length >= SPELLINGS_MAX) return 0;
    const { state, leaked } = splitState(readText(bytes, start, end));
    let number = this.#stateNumbers.get(state);
    if (number === undefined) {
      number = this.#states.push(state) - 1;
      this.#stateNumbers.set(state, number);
    }
    this.leaked = leaked ? 1 : 0;
    const text = copyView(bytes, start, end);
    this.#slots[slot] = this.#spellings.push({ text, state: number, leaked: this.leaked }) - 1;
    return number;
  }
}
