/** Interned strings: every text once, the empty one first. */
export class StringTable {
  readonly strings: string[] = [""];
  readonly #places = new Map<string, number>([["", 0]]);

  /** The index of `text`, which joins the table when it is new. */
  intern(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.strings.length);
    return this.strings.push(text) - 1;
  }
}
