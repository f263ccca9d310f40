/** One dump with the indexes that rules ask: who is inside a function, who is goroutine N, who mentions an object. */
import type { Frame, GoroutineDump, GoroutineGroup, Witness } from "@watertight/profile";
import { NO_TIMERS, type TimerMakers } from "../heap/timer-makers.ts";
import { receiverOf } from "../stack/function-name.ts";
import { FrameOrigins, type FrameOriginOptions } from "../stack/frame-origin.ts";
import { isLockWait, viewGroup, type GroupView } from "./group-view.ts";
import { LockTable } from "./lock-table.ts";

/** A witness together with the group it stands for. */
export interface Member {
  readonly view: GroupView;
  readonly witness: Witness;
}

/** The text of a Go source file by the path in a frame; undefined where it is not at hand. */
export type SourceReader = (file: string) => string | undefined;

export interface DumpViewOptions extends FrameOriginOptions {
  readonly readSource?: SourceReader;
}

/** A header that says so many minutes was stamped by more than one collection. */
const AGED_MINUTES = 3;

/** One dump, indexed. Building it is linear in frames and witnesses, not in goroutines. */
export class DumpView {
  readonly dump: GoroutineDump;
  readonly origins: FrameOrigins;
  readonly groups: readonly GroupView[];
  /** Functions that are known to make tickers or timers. */
  readonly timers: TimerMakers;
  /** Reads a Go source file that a frame names, where the sources are at hand. */
  readonly readSource: SourceReader | undefined;
  /** Largest goroutine id seen: how many goroutines the process ever started, roughly. */
  readonly newestId: number;
  /** Goroutines that hold or serve a client's connection. */
  readonly connections: number;
  /** Goroutines that wait for a lock. */
  readonly lockWaiters: number;
  /** Goroutines in which a handler runs. */
  readonly handlers: number;
  /** The first member of that group, among those that have waited for minutes, which was started last; 0 without any. */
  readonly youngestAgedId: number;
  readonly #inside = new Map<string, GroupView[]>();
  #byType: ReadonlyMap<string, ReadonlySet<GroupView>> | undefined;
  #locks: LockTable | undefined;
  #creators: Map<number, GroupView> | undefined;

  constructor(dump: GoroutineDump, options: DumpViewOptions = {}, timers: TimerMakers = NO_TIMERS) {
    this.dump = dump;
    this.timers = timers;
    this.readSource = options.readSource;
    this.origins = FrameOrigins.of(dump, options);
    this.groups = dump.groups.map((group) => viewGroup(group, this.origins));
    let newestId = 0;
    let youngestAgedId = 0;
    for (const view of this.groups) {
      newestId = Math.max(newestId, view.group.ids.at(-1) ?? 0);
      const { age, ids } = view.group;
      if (age.stamped > 0 && age.maxMinutes >= AGED_MINUTES) {
        youngestAgedId = Math.max(youngestAgedId, ids[0] ?? 0);
      }
      this.#index(view);
    }
    this.newestId = newestId;
    this.youngestAgedId = youngestAgedId;
    this.connections = this.#count((view) => view.serves !== undefined || view.isIdleConnection);
    this.lockWaiters = this.#count(isLockWait);
    this.handlers = this.#count((view) => view.handles);
  }

  /** Groups with this function on their stack. */
  groupsInside(functionName: string): readonly GroupView[] {
    return this.#inside.get(functionName) ?? [];
  }

  /** How many goroutines have this function on their stack. */
  countInside(functionName: string): number {
    return this.groupsInside(functionName).reduce((sum, view) => sum + view.group.count, 0);
  }

  /** Groups inside any method of a type, e.g. `main.(*cache)`. */
  groupsOfType(receiver: string): readonly GroupView[] {
    this.#byType ??= indexByType(this.#inside);
    return [...(this.#byType.get(receiver) ?? [])];
  }

  /**
   * The group that goroutine `id` is in, when some witness names it as its creator;
   * undefined when it is not in the dump.
   */
  groupOfCreator(id: number): GroupView | undefined {
    this.#creators ??= this.#findCreators();
    return this.#creators.get(id);
  }

  /** Who waits for which lock. */
  get locks(): LockTable {
    this.#locks ??= new LockTable(this.groups);
    return this.#locks;
  }

  /** True when the dump holds every goroutine, so that absence means that it has ended. */
  get isWhole(): boolean {
    return !this.dump.truncated && this.dump.covered >= this.dump.total && !this.dump.leakProfile;
  }

  isApp(frame: Frame): boolean {
    return this.origins.isApp(frame);
  }

  #count(fits: (view: GroupView) => boolean): number {
    return this.groups.reduce((sum, view) => (fits(view) ? sum + view.group.count : sum), 0);
  }

  /** One pass over all ids, so that a million goroutines cost a million set look-ups and no more. */
  #findCreators(): Map<number, GroupView> {
    const wanted = new Set<number>();
    for (const { group } of this.groups) {
      for (const id of creatorIdsOf(group)) wanted.add(id);
    }
    const found = new Map<number, GroupView>();
    for (const view of this.groups) {
      for (const id of view.group.ids) if (wanted.has(id)) found.set(id, view);
    }
    return found;
  }

  #index(view: GroupView): void {
    for (const name of new Set(view.functions)) {
      const inside = this.#inside.get(name);
      if (inside === undefined) this.#inside.set(name, [view]);
      else inside.push(view);
    }
  }
}

/** Ids of the goroutines that started a group's members, as far as they were counted. */
export function creatorIdsOf(group: GoroutineGroup): Iterable<number> {
  if (group.creatorIds !== undefined && group.creatorIds.length > 0) return group.creatorIds;
  return new Set(group.witnesses.flatMap(({ creatorId }) => creatorId ?? []));
}

function indexByType(
  inside: ReadonlyMap<string, readonly GroupView[]>,
): ReadonlyMap<string, ReadonlySet<GroupView>> {
  const byType = new Map<string, Set<GroupView>>();
  for (const [name, groups] of inside) {
    const receiver = receiverOf(name);
    if (receiver === undefined) continue;
    const members = byType.get(receiver) ?? new Set<GroupView>();
    for (const view of groups) members.add(view);
    byType.set(receiver, members);
  }
  return byType;
}
