/**
 * Sets of goroutine ids as ascending Float64Arrays. Everything is one linear
 * merge, so that a million ids a capture cost milliseconds and no hash table.
 */

/** How many of `left` are in `right` too. Both ascending without repeats. */
export function countCommon(left: Float64Array, right: Float64Array): number {
  let i = 0;
  let j = 0;
  let common = 0;
  while (i < left.length && j < right.length) {
    const a = left[i] as number;
    const b = right[j] as number;
    if (a === b) common++;
    if (a <= b) i++;
    if (b <= a) j++;
  }
  return common;
}

/** How many are in all three. All ascending without repeats. */
export function countCommonToThree(a: Float64Array, b: Float64Array, c: Float64Array): number {
  let i = 0;
  let j = 0;
  let k = 0;
  let common = 0;
  while (i < a.length && j < b.length && k < c.length) {
    const x = a[i] as number;
    const y = b[j] as number;
    const z = c[k] as number;
    const least = Math.min(x, y, z);
    if (x === y && y === z) common++;
    if (x === least) i++;
    if (y === least) j++;
    if (z === least) k++;
  }
  return common;
}

/**
 * How many of `left` are missing in `right` but present in `elsewhere`. All ascending without
 * repeats. `elsewhere` may be far larger than the others: it is searched, not walked.
 */
export function countMoved(
  left: Float64Array,
  right: Float64Array,
  elsewhere: Float64Array,
): number {
  let j = 0;
  let from = 0;
  let moved = 0;
  for (const id of left) {
    while (j < right.length && (right[j] as number) < id) j++;
    if (right[j] === id) continue;
    from = lowerBound(elsewhere, id, from);
    if (elsewhere[from] === id) moved++;
  }
  return moved;
}

/** Index of the first element that is not below `id`, at or after `from`. */
function lowerBound(ids: Float64Array, id: number, from: number): number {
  let low = from;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as number) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All ids of several ascending sets, ascending. A single set is returned as it is. */
export function uniteIds(sets: readonly Float64Array[]): Float64Array {
  if (sets.length === 0) return new Float64Array(0);
  if (sets.length === 1) return sets[0] as Float64Array;
  let length = 0;
  for (const set of sets) length += set.length;
  const united = new Float64Array(length);
  let at = 0;
  for (const set of sets) {
    united.set(set, at);
    at += set.length;
  }
  return united.sort();
}
