/** What is counted of one group while a dump is read. */
import type { Frame, GoroutineGroup, Witness } from "./goroutine-dump.ts";
import { IdList } from "./goroutine-id-list.ts";
import type { Labels } from "./goroutine-labels.ts";
import type { WitnessBudget } from "./goroutine-witness.ts";

/** What all members of a group have in common. */
export interface GroupIdentity {
  readonly state: string;
  readonly labels: Labels;
  /** Leaf first. */
  readonly frames: readonly Frame[];
  readonly createdBy: Frame | undefined;
  /** Places of `frames` among the frames that were read; undefined when all of them are shown. */
  readonly shownFrames?: readonly number[] | undefined;
}

/** What one goroutine adds to its group. */
export interface GoroutineMember {
  readonly id: number;
  /** 0 when not stamped. */
  readonly minutes: number;
  /** 0 when unknown. */
  readonly creatorId: number;
  readonly elidedFrames: number;
  readonly leaked: number;
  readonly locked: number;
  readonly bubbled: number;
}

export class GroupTally {
  readonly ids: IdList = new IdList();
  readonly witnesses: Witness[] = [];
  readonly #budget: WitnessBudget;
  #count = 0;
  #minMinutes = 0;
  #maxMinutes = 0;
  #stamped = 0;
  #elidedFrames = 0;
  #leaked = 0;
  #locked = 0;
  #bubbled = 0;
  #lastCreator = 0;
  /** Made for the second creator only: most groups have one. */
  #creators: Set<number> | undefined;
  readonly #creatorsMax: number;

  constructor(budget: WitnessBudget, creatorsMax: number) {
    this.#budget = budget;
    this.#creatorsMax = creatorsMax;
  }

  get count(): number {
    return this.#count;
  }

  /** True when the group may keep one more witness; the caller then adds it. */
  wantsWitness(): boolean {
    return this.#budget.spend(this.witnesses.length);
  }

  /** Counts one goroutine. `elidedFrames` are those of the member with the most. */
  add(member: GoroutineMember): void {
    this.#count += 1;
    this.ids.push(member.id);
    this.#leaked += member.leaked;
    this.#locked += member.locked;
    this.#bubbled += member.bubbled;
    if (member.elidedFrames > this.#elidedFrames) this.#elidedFrames = member.elidedFrames;
    if (member.minutes > 0) this.#stamp(member.minutes, member.minutes, 1);
    if (member.creatorId !== this.#lastCreator) this.#addCreator(member.creatorId);
  }

  /** Takes in a group that turned out to be the same. */
  merge(other: GroupTally): void {
    this.#count += other.#count;
    this.ids.append(other.ids);
    this.#leaked += other.#leaked;
    this.#locked += other.#locked;
    this.#bubbled += other.#bubbled;
    this.#elidedFrames = Math.max(this.#elidedFrames, other.#elidedFrames);
    if (other.#stamped > 0) this.#stamp(other.#minMinutes, other.#maxMinutes, other.#stamped);
    for (const creator of other.#listCreators()) this.#addCreator(creator);
    for (const witness of other.witnesses) {
      if (this.wantsWitness()) this.witnesses.push(witness);
    }
  }

  /** The group as the dump shows it. The ids move out of the tally. */
  toGroup(identity: GroupIdentity): GoroutineGroup {
    const creatorIds = Float64Array.from(this.#listCreators()).sort();
    return {
      count: this.#count,
      state: identity.state,
      frames: identity.frames,
      elidedFrames: this.#elidedFrames,
      createdBy: identity.createdBy,
      labels: identity.labels,
      ids: this.ids.take(),
      age: {
        minMinutes: this.#minMinutes,
        maxMinutes: this.#maxMinutes,
        stamped: this.#stamped,
      },
      leaked: this.#leaked,
      lockedToThread: this.#locked,
      bubbled: this.#bubbled,
      creatorCount: creatorIds.length,
      creatorIds,
      witnesses: showWitnesses(this.witnesses, identity.shownFrames),
    };
  }

  #stamp(minMinutes: number, maxMinutes: number, members: number): void {
    if (this.#stamped === 0 || minMinutes < this.#minMinutes) this.#minMinutes = minMinutes;
    if (maxMinutes > this.#maxMinutes) this.#maxMinutes = maxMinutes;
    this.#stamped += members;
  }

  #addCreator(creator: number): void {
    if (creator === 0) return;
    if (this.#lastCreator === 0) {
      this.#lastCreator = creator;
      return;
    }
    this.#creators ??= new Set([this.#lastCreator]);
    this.#lastCreator = creator;
    if (this.#creators.size < this.#creatorsMax) this.#creators.add(creator);
  }

  #listCreators(): readonly number[] {
    if (this.#creators !== undefined) return [...this.#creators];
    return this.#lastCreator === 0 || this.#creatorsMax === 0 ? [] : [this.#lastCreator];
  }
}

function showWitnesses(
  witnesses: readonly Witness[],
  shownFrames: readonly number[] | undefined,
): readonly Witness[] {
  if (shownFrames === undefined) return witnesses;
  return witnesses.map((witness) => ({
    ...witness,
    words: shownFrames.map((place) => witness.words[place] ?? []),
  }));
}

/** Largest first; ties by state, then stack, then labels, so that equal dumps print equally. */
export function orderGroups(groups: readonly GoroutineGroup[]): readonly GoroutineGroup[] {
  return groups.toSorted(
    (left, right) =>
      right.count - left.count ||
      compareText(left.state, right.state) ||
      compareStacks(left.frames, right.frames) ||
      compareFrames(left.createdBy, right.createdBy) ||
      compareText(JSON.stringify(left.labels), JSON.stringify(right.labels)),
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareFrames(left: Frame | undefined, right: Frame | undefined): number {
  if (left === right) return 0;
  if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
  return (
    compareText(left.function, right.function) ||
    compareText(left.file, right.file) ||
    left.line - right.line
  );
}

function compareStacks(left: readonly Frame[], right: readonly Frame[]): number {
  const depth = Math.min(left.length, right.length);
  for (let at = 0; at < depth; at += 1) {
    const order = compareFrames(left[at], right[at]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
