/** The groups of a `debug=2` dump while it is read: a tally at each branch where stacks ended. */
import type { Frame, GoroutineGroup } from "./goroutine-dump.ts";
import type { FrameTree } from "./goroutine-frame-tree.ts";
import type { LabelSets } from "./goroutine-label-sets.ts";
import type { GoroutineTextLimits } from "./goroutine-limits.ts";
import { CREATED, ELIDED, type EntryKind, UNAVAILABLE } from "./goroutine-stack-entry.ts";
import type { StateTable } from "./goroutine-state-table.ts";
import { type GroupIdentity, GroupTally, orderGroups } from "./goroutine-tally.ts";
import { hideRuntimeFrames } from "./goroutine-shown-frames.ts";
import { isLockWait, NO_WITNESSES, WitnessBudget } from "./goroutine-witness.ts";
import type { ProblemLog } from "./problem-log.ts";

/** The branch of stacks that found no place in the tree: only their state is known. */
export const NO_BRANCH = -1;

interface OpenGroup {
  readonly tally: GroupTally;
  readonly state: number;
  readonly labelSet: number;
  readonly branch: number;
}

/** Label sets times states stay far below this. */
const STATES_MAX = 2048;

export class GroupLedger {
  readonly #tree: FrameTree;
  readonly #states: StateTable;
  readonly #labels: LabelSets;
  readonly #limits: GoroutineTextLimits;
  readonly #problems: ProblemLog;
  readonly #roots = new Map<number, number>();
  readonly #groups: OpenGroup[] = [];
  readonly #overflow = new Map<number, OpenGroup>();
  readonly #ordinaryWitnesses: WitnessBudget;
  readonly #lockWitnesses: WitnessBudget;

  constructor(
    tree: FrameTree,
    states: StateTable,
    labels: LabelSets,
    limits: GoroutineTextLimits,
    problems: ProblemLog,
  ) {
    this.#tree = tree;
    this.#states = states;
    this.#labels = labels;
    this.#limits = limits;
    this.#problems = problems;
    const { witnessesMax, lockWitnessesMax, witnessesTotalMax } = limits;
    const half = Math.floor(witnessesTotalMax / 2);
    this.#ordinaryWitnesses = new WitnessBudget(half, witnessesMax, 1 / 256);
    this.#lockWitnesses = new WitnessBudget(half, Math.max(witnessesMax, lockWitnessesMax), 1 / 8);
  }

  /** Where the stacks of goroutines in this state with these labels begin, or {@link NO_BRANCH}. */
  rootFor(state: number, labelSet: number): number {
    const key = labelSet * STATES_MAX + state;
    const known = this.#roots.get(key);
    if (known !== undefined) return known;
    const root = this.#tree.plant();
    if (root >= 0) this.#roots.set(key, root);
    return root;
  }

  /** The tally of goroutines whose stack ends at `branch`. `offset` is where one was met. */
  tallyAt(branch: number, state: number, labelSet: number, offset: number): GroupTally {
    const known = branch === NO_BRANCH ? -1 : this.#tree.groupAt(branch);
    if (known >= 0) return (this.#groups[known] as OpenGroup).tally;
    if (branch === NO_BRANCH || this.#groups.length >= this.#limits.groupsMax) {
      return this.#overflowTally(state, branch === NO_BRANCH, offset);
    }
    const tally = new GroupTally(this.#witnessesOf(branch, state), this.#limits.creatorsMax);
    this.#tree.setGroupAt(branch, this.#groups.length);
    this.#groups.push({ tally, state, labelSet, branch });
    return tally;
  }

  /** Groups, ordered; groups that became equal when a label key was given up are one. */
  close(): { readonly groups: readonly GoroutineGroup[]; readonly covered: number } {
    let covered = 0;
    const groups: GoroutineGroup[] = [];
    for (const group of [...this.#mergeEqual(), ...this.#overflow.values()]) {
      covered += group.tally.count;
      groups.push(group.tally.toGroup(this.#identify(group)));
    }
    return { groups: orderGroups(groups), covered };
  }

  #witnessesOf(branch: number, state: number): WitnessBudget {
    const leaf = this.#tree.leafOf(branch)?.function ?? "";
    const isLock = isLockWait(this.#states.name(state), leaf);
    return isLock ? this.#lockWitnesses : this.#ordinaryWitnesses;
  }

  #overflowTally(state: number, isTreeFull: boolean, offset: number): GroupTally {
    if (this.#overflow.size === 0) {
      const { groupsMax, frameBytesMax, branchesMax } = this.#limits;
      const what = isTreeFull
        ? `frameBytesMax (${frameBytesMax}) or branchesMax (${branchesMax})`
        : `groupsMax (${groupsMax})`;
      const meaning = "goroutines with further stacks are counted by their state only";
      this.#problems.add("WT_PROFILE_LIMIT", offset, `${what}, so that ${meaning}`);
    }
    let group = this.#overflow.get(state);
    if (group === undefined) {
      group = { tally: new GroupTally(NO_WITNESSES, 0), state, labelSet: 0, branch: NO_BRANCH };
      this.#overflow.set(state, group);
    }
    return group.tally;
  }

  #mergeEqual(): readonly OpenGroup[] {
    if (!this.#labels.hasVariedKeys) return this.#groups;
    const merged = new Map<string, OpenGroup>();
    for (const group of this.#groups) {
      const labels = JSON.stringify(this.#labels.labels(group.labelSet));
      const key = `${group.state}@${this.#tree.entriesTo(group.branch).join(",")}@${labels}`;
      const same = merged.get(key);
      if (same) same.tally.merge(group.tally);
      else merged.set(key, group);
    }
    return [...merged.values()];
  }

  #identify(group: OpenGroup): GroupIdentity {
    const { entries } = this.#tree;
    const path = group.branch === NO_BRANCH ? [] : this.#tree.entriesTo(group.branch);
    const isFrame = (kind: EntryKind): boolean =>
      kind !== CREATED && kind !== ELIDED && kind !== UNAVAILABLE;
    const creator = path.find((entry) => entries.kind(entry) === CREATED);
    const frames = path
      .filter((entry) => isFrame(entries.kind(entry)))
      .map((entry) => entries.frame(entry));
    const shownFrames = hideRuntimeFrames(frames);
    return {
      state: this.#states.name(group.state),
      labels: this.#labels.labels(group.labelSet),
      frames: shownFrames?.map((place) => frames[place] as Frame) ?? frames,
      shownFrames,
      createdBy: creator === undefined ? undefined : entries.frame(creator),
    };
  }
}
