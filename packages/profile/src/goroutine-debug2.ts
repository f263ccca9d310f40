/**
 * Reads `debug=2` text: every goroutine with its state and stack.
 *
 * No goroutine becomes a string or an object. A header is read into numbers, its stack is
 * walked down the {@link FrameTree}, and what differs between goroutines at the same end of a
 * path goes into that group's tally.
 */
import { lineEndAt, NEWLINE } from "./goroutine-bytes.ts";
import type { GoroutineGroup } from "./goroutine-dump.ts";
import { FrameTree } from "./goroutine-frame-tree.ts";
import { GroupLedger, NO_BRANCH } from "./goroutine-group-ledger.ts";
import { GoroutineHeader, HEADER_BROKEN, HEADER_CUT } from "./goroutine-header.ts";
import { LabelSets } from "./goroutine-label-sets.ts";
import type { GoroutineTextLimits } from "./goroutine-limits.ts";
import {
  ANCESTORS,
  BROKEN,
  CREATED,
  CUT,
  ELIDED,
  FOREIGN_LINE,
  NEXT_HEADER,
  StackEntry,
} from "./goroutine-stack-entry.ts";
import { StateTable } from "./goroutine-state-table.ts";
import { isWholeTail } from "./goroutine-tail.ts";
import { readWitness } from "./goroutine-witness.ts";
import type { BlockReader } from "./goroutine-text-staging.ts";
import type { ProblemLog } from "./problem-log.ts";

/** The stack under a header is not whole yet. */
const STACK_CUT = -1;

export class GoroutineDebug2Reader implements BlockReader {
  readonly #limits: GoroutineTextLimits;
  readonly #problems: ProblemLog;
  readonly #header = new GoroutineHeader();
  readonly #entry = new StackEntry();
  readonly #states = new StateTable();
  readonly #labels: LabelSets;
  readonly #tree: FrameTree;
  readonly #ledger: GroupLedger;
  /** The goroutine at hand; one object for all of them. */
  readonly #member = {
    id: 0,
    minutes: 0,
    creatorId: 0,
    elidedFrames: 0,
    leaked: 0,
    locked: 0,
    bubbled: 0,
  };
  #state = 0;
  #labelSet = 0;

  /** Stream offset of `bytes[0]` in {@link GoroutineDebug2Reader.read}. */
  #base = 0;
  #met = 0;
  #isMidLine = false;
  #isAbandoning = false;
  #isTruncated = false;
  #hasReportedDepth = false;

  constructor(limits: GoroutineTextLimits, problems: ProblemLog) {
    this.#limits = limits;
    this.#problems = problems;
    this.#labels = new LabelSets(limits, problems);
    this.#tree = new FrameTree(limits);
    this.#ledger = new GroupLedger(this.#tree, this.#states, this.#labels, limits, problems);
  }

  /** Goroutines met, whether they could be read or not. */
  get total(): number {
    return this.#met;
  }

  /** The text does not say; only its goroutines are marked. */
  get isLeakProfile(): boolean {
    return false;
  }

  /** True when the input ended inside of a goroutine. */
  get isTruncated(): boolean {
    return this.#isTruncated;
  }

  /** Groups, ordered, and the goroutines in them. */
  close(): { readonly groups: readonly GoroutineGroup[]; readonly covered: number } {
    return this.#ledger.close();
  }

  /**
   * Reads every whole goroutine in `bytes[start …]` and returns the position after the last;
   * the caller shows the rest again with more behind it. `base` is the stream offset of `bytes[0]`.
   */
  read(bytes: Uint8Array, view: DataView, start: number, base: number): number {
    this.#base = base;
    const end = bytes.length;
    let position = start;
    while (position < end) {
      const isHeaderPossible = !this.#isMidLine && !this.#isAbandoning;
      const stack = isHeaderPossible ? this.#header.read(bytes, position, end) : 0;
      if (stack === HEADER_CUT) return position;
      if (stack > 0 && this.#header.id > 0) {
        const next = this.#readStack(bytes, view, position, stack);
        if (next === STACK_CUT) return position;
        position = next;
        continue;
      }
      if (stack === HEADER_BROKEN) this.#giveUp(position, "a goroutine's first line");
      // Noise between goroutines, or a thread's own `goroutine 0`.
      const lineEnd = lineEndAt(bytes, position, end);
      this.#isAbandoning = false;
      this.#isMidLine = lineEnd === end;
      position = Math.min(end, lineEnd + 1);
    }
    return end;
  }

  /** Gives up the goroutine that `read` keeps returning to, because it outgrew its limit. */
  abandon(offset: number): void {
    this.#met += 1;
    this.#isAbandoning = true;
    const what = `goroutineBytesMax (${this.#limits.goroutineBytesMax})`;
    this.#problems.add("WT_PROFILE_LIMIT", offset, what);
  }

  /** Reads what is left when no more bytes will come: at most one goroutine, whole or cut. */
  finish(rest: Uint8Array, base: number): void {
    if (rest.length === 0) return;
    if (isWholeTail(rest, this.#entry)) {
      const closed = new Uint8Array(rest.length + 2).fill(NEWLINE);
      closed.set(rest);
      this.read(closed, new DataView(closed.buffer), 0, base);
      return;
    }
    this.#met += 1;
    this.#isTruncated = true;
    this.#problems.add("WT_PROFILE_TRUNCATED", base, "a goroutine");
  }

  #readStack(bytes: Uint8Array, view: DataView, start: number, stack: number): number {
    const end = bytes.length;
    const tree = this.#tree;
    const { framesMax } = this.#limits;
    if (!this.#readIdentity(bytes, view, start))
      return this.#giveUp(start, "a goroutine's labels", stack);
    let branch = this.#ledger.rootFor(this.#state, this.#labelSet);
    let depth = 0;
    let position = stack;
    tree.entries.creatorId = 0;
    while (branch !== NO_BRANCH) {
      if (position >= end) return STACK_CUT;
      if (bytes[position] === NEWLINE) {
        return this.#close(bytes, branch, stack, position + 1);
      }
      const next = depth < framesMax ? tree.follow(branch, bytes, view, position, end) : -1;
      if (next > 0) {
        branch = tree.reached;
        depth += 1;
        position = next;
        continue;
      }
      const outcome = this.#entry.read(bytes, position, end);
      if (outcome === CUT) return STACK_CUT;
      if (outcome === NEXT_HEADER || outcome === ANCESTORS) {
        return this.#close(bytes, branch, stack, position);
      }
      const isBroken =
        outcome === BROKEN || (outcome !== FOREIGN_LINE && tree.endsIn(branch, CREATED));
      if (isBroken) return this.#giveUp(start, "a goroutine's stack", position);
      if (outcome !== FOREIGN_LINE) {
        if (this.#isLineLong(start)) return this.#entry.next;
        branch = this.#learn(branch, depth, bytes, view, start);
        depth += 1;
      }
      position = this.#entry.next;
    }
    return this.#close(bytes, NO_BRANCH, stack, position);
  }

  /** Turns the header into state, labels and the member's numbers; false when the labels are none. */
  #readIdentity(bytes: Uint8Array, view: DataView, start: number): boolean {
    const header = this.#header;
    const member = this.#member;
    this.#state = this.#states.find(bytes, view, header.stateStart, header.stateEnd);
    this.#labelSet = 0;
    member.id = header.id;
    member.minutes = header.minutes;
    member.leaked = this.#states.leaked;
    member.locked = header.locked;
    member.bubbled = header.bubbled;
    member.elidedFrames = 0;
    if (header.labelsEnd === header.labelsStart) return true;
    const { labelsStart, labelsEnd } = header;
    this.#labelSet = this.#labels.find(bytes, view, labelsStart, labelsEnd, this.#base + start);
    return this.#labelSet >= 0;
  }

  /** The branch after the entry just read; beyond `framesMax` only a creator makes one. */
  #learn(branch: number, depth: number, bytes: Uint8Array, view: DataView, start: number): number {
    const entry = this.#entry;
    if (entry.kind === ELIDED) this.#member.elidedFrames += entry.number;
    if (entry.kind === CREATED) this.#tree.entries.creatorId = entry.number;
    if (depth < this.#limits.framesMax || entry.kind === CREATED) {
      return this.#tree.learn(branch, entry, bytes, view);
    }
    if (entry.kind !== ELIDED) this.#member.elidedFrames += 1;
    if (!this.#hasReportedDepth) {
      const what = `framesMax (${this.#limits.framesMax}), so that deeper frames are left out`;
      this.#problems.add("WT_PROFILE_LIMIT", this.#base + start, what);
      this.#hasReportedDepth = true;
    }
    return branch;
  }

  #isLineLong(start: number): boolean {
    const { headStart, headLength, fileLength, argumentsEnd } = this.#entry;
    const { lineBytesMax } = this.#limits;
    const longest = Math.max(headLength, fileLength, argumentsEnd - headStart);
    if (longest <= lineBytesMax) return false;
    this.#met += 1;
    this.#problems.add("WT_PROFILE_LIMIT", this.#base + start, `lineBytesMax (${lineBytesMax})`);
    return true;
  }

  #close(bytes: Uint8Array, branch: number, stack: number, position: number): number {
    const member = this.#member;
    member.creatorId = this.#tree.entries.creatorId;
    const tally = this.#ledger.tallyAt(branch, this.#state, this.#labelSet, this.#base + stack);
    tally.add(member);
    this.#met += 1;
    if (tally.wantsWitness()) {
      const { id, creatorId } = member;
      const frames = this.#limits.framesMax;
      const goroutine = { id, creatorId, frames };
      tally.witnesses.push(readWitness(bytes, stack, position, this.#entry, goroutine));
    }
    return position;
  }

  /** Leaves the goroutine at `start` out. What follows is passed over until the next header. */
  #giveUp(start: number, what: string, position = start): number {
    this.#met += 1;
    this.#problems.add("WT_PROFILE_CORRUPT", this.#base + start, what);
    return position;
  }
}
