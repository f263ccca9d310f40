/**
 * Counts the rising and falling pairs of a series without looking at each: sorting by merging
 * meets every falling pair once. Source: W. R. Knight, JASA 61 (1966).
 *
 * Which of two values is larger cannot be guessed, and a branch that is guessed wrong costs more than the
 * comparison. So comparisons are made into numbers that move the cursors.
 */

/** Runs this short are sorted by comparing each with each. */
const RUN = 4;

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
    for (let size = RUN; size < count; size *= 2) {
      for (let start = 0; start < count; start += 2 * size) {
        const middle = start + size < count ? start + size : count;
        falling += this.#merge(start, middle, middle + size < count ? middle + size : count);
      }
      this.#swap();
    }
    this.#finish(falling);
  }

  #swap(): void {
    const sorted = this.#spare;
    this.#spare = this.#sorted;
    this.#sorted = sorted;
  }

  /** The place of each of four is the number of those that it comes after. */
  #sortRuns(): number {
    const from = this.#sorted;
    const into = this.#spare;
    const count = from.length;
    let falling = 0;
    let start = 0;
    for (; start + RUN <= count; start += RUN) {
      const a = from[start]!;
      const b = from[start + 1]!;
      const c = from[start + 2]!;
      const d = from[start + 3]!;
      const ab = Number(a > b);
      const ac = Number(a > c);
      const ad = Number(a > d);
      const bc = Number(b > c);
      const bd = Number(b > d);
      const cd = Number(c > d);
      falling += ab + ac + ad + bc + bd + cd;
      into[start + ab + ac + ad] = a;
      into[start + 1 - ab + bc + bd] = b;
      into[start + 2 - ac - bc + cd] = c;
      into[start + 3 - ad - bd - cd] = d;
    }
    falling += this.#sortRest(start);
    this.#swap();
    return falling;
  }

  /** Fewer than four are left: sorted by insertion, which swaps exactly the falling pairs. */
  #sortRest(start: number): number {
    const from = this.#sorted;
    const into = this.#spare;
    let falling = 0;
    for (let at = start; at < from.length; at++) {
      const value = from[at]!;
      let to = at;
      while (to > start && into[to - 1]! > value) {
        into[to] = into[to - 1]!;
        to--;
      }
      into[to] = value;
      falling += at - to;
    }
    return falling;
  }

  /**
   * Merges two neighbouring runs, from both ends at once: two chains of comparisons that need not wait for
   * one another. A falling pair is met when the first of the two is moved.
   */
  #merge(start: number, middle: number, end: number): number {
    const from = this.#sorted;
    const into = this.#spare;
    let left = start;
    let right = middle;
    let leftLast = middle - 1;
    let rightLast = end - 1;
    let falling = 0;
    let at = start;
    let back = end - 1;
    // So many steps cannot use up either run.
    const steps = (middle - start < end - middle ? middle - start : end - middle) >> 1;
    for (let step = 0; step < steps; step++) {
      const isFalling = Number(from[left]! > from[right]!);
      into[at++] = from[left + Math.imul(right - left, isFalling)]!;
      falling += Math.imul(leftLast - left + 1, isFalling);
      right += isFalling;
      left += 1 - isFalling;
      const isAbove = Number(from[leftLast]! > from[rightLast]!);
      into[back--] = from[rightLast + Math.imul(leftLast - rightLast, isAbove)]!;
      falling += Math.imul(rightLast - right + 1, isAbove);
      leftLast -= isAbove;
      rightLast -= 1 - isAbove;
    }
    while (left <= leftLast && right <= rightLast) {
      const isFalling = Number(from[left]! > from[right]!);
      into[at++] = from[left + Math.imul(right - left, isFalling)]!;
      falling += Math.imul(leftLast - left + 1, isFalling);
      right += isFalling;
      left += 1 - isFalling;
    }
    while (left <= leftLast) into[at++] = from[left++]!;
    while (right <= rightLast) into[at++] = from[right++]!;
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
