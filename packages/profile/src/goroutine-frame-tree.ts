/**
 * Every stack of a dump as a path in one tree, leaf frame first, created-by last.
 *
 * Goroutines repeat the stacks of others, so decoding one is a walk down the tree: at each
 * branch the text at hand is compared with the child that was taken last. Only when that guess
 * fails is the entry cut out and looked up; only one never seen before is stored.
 */
import { grown } from "./goroutine-bytes.ts";
import type { Frame } from "./goroutine-dump.ts";
import { EntryTable } from "./goroutine-entry-table.ts";
import type { EntryKind, StackEntry } from "./goroutine-stack-entry.ts";

/** The entry of branches that stacks begin from. */
const NO_ENTRY = -1;

export class FrameTree {
  /** The branch that {@link FrameTree.follow} reached. */
  reached = 0;
  readonly entries: EntryTable;

  /** Branch 0 is the trunk: it has no entry, and as a guess it means "none". */
  #count = 1;
  #parent = new Int32Array(1 << 8);
  #entry = new Int32Array(1 << 8).fill(NO_ENTRY);
  #guess = new Int32Array(1 << 8);
  #group = new Int32Array(1 << 8);
  #slots = new Int32Array(1 << 10).fill(-1);
  readonly #branchesMax: number;

  constructor(limits: { readonly frameBytesMax: number; readonly branchesMax: number }) {
    this.entries = new EntryTable(limits.frameBytesMax);
    this.#branchesMax = limits.branchesMax;
  }

  /** A new place for stacks to begin from, or -1 at `branchesMax`. */
  plant(): number {
    return this.#addBranch(0, NO_ENTRY);
  }

  /** The group (a caller's number) of stacks that end at this branch, or -1. */
  groupAt(branch: number): number {
    return (this.#group[branch] as number) - 1;
  }

  setGroupAt(branch: number, group: number): void {
    this.#group[branch] = group + 1;
  }

  /**
   * Tries the child taken last. Returns the position after its text, with
   * {@link FrameTree.reached} set, or -1 when the text at `position` is another.
   */
  follow(branch: number, bytes: Uint8Array, view: DataView, position: number, end: number): number {
    const child = this.#guess[branch] as number;
    if (child === 0) return -1;
    this.reached = child;
    return this.entries.match(this.#entry[child] as number, bytes, view, position, end);
  }

  /** The child of `branch` for an entry that was read, learned when it is new; -1 at a limit. */
  learn(branch: number, entry: StackEntry, bytes: Uint8Array, view: DataView): number {
    const known = this.entries.find(entry, bytes, view);
    if (known < 0) return -1;
    const child = this.#findBranch(branch, known);
    if (child > 0) this.#guess[branch] = child;
    return child;
  }

  /** True when the entry that leads to `branch` is of this kind. */
  endsIn(branch: number, kind: EntryKind): boolean {
    const entry = this.#entry[branch] as number;
    return entry !== NO_ENTRY && this.entries.kind(entry) === kind;
  }

  /** The first frame on the way to `branch`. */
  leafOf(branch: number): Frame | undefined {
    const leaf = this.entriesTo(branch)[0];
    return leaf === undefined ? undefined : this.entries.frame(leaf);
  }

  /** Entries on the way to `branch`, in reading order. Equal for equal stacks of different roots. */
  entriesTo(branch: number): readonly number[] {
    const entries: number[] = [];
    let at = branch;
    while (this.#entry[at] !== NO_ENTRY) {
      entries.push(this.#entry[at] as number);
      at = this.#parent[at] as number;
    }
    return entries.toReversed();
  }

  #findBranch(parent: number, entry: number): number {
    const mask = this.#slots.length - 1;
    let slot = branchHash(parent, entry) & mask;
    for (;;) {
      const known = this.#slots[slot] as number;
      if (known < 0) break;
      if (this.#parent[known] === parent && this.#entry[known] === entry) return known;
      slot = (slot + 1) & mask;
    }
    const added = this.#addBranch(parent, entry);
    if (added < 0) return -1;
    this.#slots[slot] = added;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return added;
  }

  #addBranch(parent: number, entry: number): number {
    if (this.#count > this.#branchesMax) return -1;
    const added = this.#count;
    this.#count += 1;
    this.#parent = grown(this.#parent, this.#count);
    this.#entry = grown(this.#entry, this.#count);
    this.#guess = grown(this.#guess, this.#count);
    this.#group = grown(this.#group, this.#count);
    this.#parent[added] = parent;
    this.#entry[added] = entry;
    return added;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let branch = 1; branch < this.#count; branch += 1) {
      const entry = this.#entry[branch] as number;
      if (entry === NO_ENTRY) continue;
      let slot = branchHash(this.#parent[branch] as number, entry) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = branch;
    }
    this.#slots = slots;
  }
}

function branchHash(parent: number, entry: number): number {
  const hash = Math.imul(parent ^ Math.imul(entry, 0x9e3779b1), 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
