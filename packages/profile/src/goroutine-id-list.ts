/** Goroutine ids of one group: four bytes each while they are small, eight when they are not. */
const UINT32_MAX = 0xffffffff;

export class IdList {
  #ids: Uint32Array | Float64Array = new Uint32Array(4);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(id: number): void {
    if (this.#length === this.#ids.length || id > UINT32_MAX) this.#makeRoom(id);
    this.#ids[this.#length] = id;
    this.#length += 1;
  }

  append(other: IdList): void {
    for (let index = 0; index < other.#length; index += 1) this.push(other.#ids[index] as number);
  }

  /** All ids, ascending. The list is empty afterwards, so that no id is held twice for long. */
  take(): Float64Array {
    const ids = this.#ids.subarray(0, this.#length);
    if (!isAscending(ids)) ids.sort();
    const taken = Float64Array.from(ids);
    this.#ids = new Uint32Array(0);
    this.#length = 0;
    return taken;
  }

  #makeRoom(id: number): void {
    const isWide = this.#ids instanceof Float64Array || id > UINT32_MAX;
    const capacity = Math.max(
      4,
      this.#length === this.#ids.length ? this.#length * 2 : this.#length,
    );
    const wider = isWide ? new Float64Array(capacity) : new Uint32Array(capacity);
    wider.set(this.#ids.subarray(0, this.#length));
    this.#ids = wider;
  }
}

function isAscending(ids: Uint32Array | Float64Array): boolean {
  for (let index = 1; index < ids.length; index += 1) {
    if ((ids[index - 1] as number) > (ids[index] as number)) return false;
  }
  return true;
}
