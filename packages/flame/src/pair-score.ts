/**
 * Counts the rising and falling pairs of a series without looking at each: sorting by merging
 * meets every falling pair once. Source: W. R. Knight, JASA 61 (1966).
 */

/** Runs this short are sorted by insertion, which swaps exactly the falling pairs. */
const RUN = 8;

/** Room and results of one counting after another; nothing is allocated per series. */
export class PairScore {
  #sorted: Float64Array;
  #spare: Float64Array;
  /** Rising pairs less falling pairs, earlier value first. */
  score = 0;
  /** Kendall's variance of the score without a trend, ties allowed for; 0 when all are equal. */
  variance = 0;

  constructor(captures: number) {
    this.#sorted = new Float64Array(captures);
    this.#spare = new Float64Array(captures);
  }

  /** Counts the pairs of `values[from … from + captures]`. */
  count(values: ArrayLike<number>, from = 0): void {
    const count = this.#sorted.length;
    for (let at = 0; at < count; at++) this.#sorted[at] = values[from + at]!;
    let falling = this.#sortRuns();
    for (let size = RUN; size < count; size *= 2) falling += this.#mergeRuns(size);
    this.#finish(falling);
  }

  #sortRuns(): number {
    const sorted = this.#sorted;
    let falling = 0;
    for (let start = 0; start < sorted.length; start += RUN) {
      const end = start + RUN < sorted.length ? start + RUN : sorted.length;
      for (let at = start + 1; at < end; at++) {
        const value = sorted[at]!;
        let to = at;
        while (to > start && sorted[to - 1]! > value) {
          sorted[to] = sorted[to - 1]!;
          to--;
        }
        sorted[to] = value;
        falling += at - to;
      }
    }
    return falling;
  }

  #mergeRuns(size: number): number {
    const from = this.#sorted;
    const into = this.#spare;
    const count = from.length;
    let falling = 0;
    for (let start = 0; start < count; start += 2 * size) {
      const middle = start + size < count ? start + size : count;
      const end = middle + size < count ? middle + size : count;
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        if (right === end || (left < middle && from[left]! <= from[right]!)) {
          into[at] = from[left++]!;
        } else {
          // Everything still waiting on the left came earlier and is larger.
          falling += middle - left;
          into[at] = from[right++]!;
        }
      }
    }
    this.#sorted = into;
    this.#spare = from;
    return falling;
  }

  #finish(falling: number): void {
    const sorted = this.#sorted;
    const count = sorted.length;
    let equalPairs = 0;
    let correction = 0;
    for (let start = 0; start < count;) {
      let end = start + 1;
      while (end < count && sorted[end] === sorted[start]) end++;
      const group = end - start;
      equalPairs += (group * (group - 1)) / 2;
      correction += group * (group - 1) * (2 * group + 5);
      start = end;
    }
    const pairs = (count * (count - 1)) / 2;
    this.score = pairs - equalPairs - 2 * falling;
    this.variance = (count * (count - 1) * (2 * count + 5) - correction) / 18;
  }
}
