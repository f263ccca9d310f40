/**
 * Who waits for which lock, and who else touches the object around it.
 *
 * Go keeps no record of a lock's holder. The argument words of a stack say enough:
 * a waiter's `lockSlow(0xc000099450)` names the mutex, and the pointer in the caller's
 * frame names the struct that it sits in. Two goroutines whose words name the same struct
 * touch the same object.
 */
import { packageOf } from "../stack/function-name.ts";
import type { GroupView } from "./group-view.ts";
import type { Member } from "./dump-view.ts";

/** A mutex is at most this far inside the struct whose pointer the frames carry. */
const STRUCT_BYTES_MAX = 4096;

/** Words below this are lengths, flags and small integers, not heap or data addresses. */
const ADDRESS_MIN = 0x10000;

/** One goroutine that waits for a lock. */
export interface LockWaiter extends Member {
  readonly mode: "mutex" | "rwmutex read" | "rwmutex write";
  /** Address of the mutex, when the runtime's frames name it. */
  readonly address: number | undefined;
  /** The object whose lock it is: the nearest pointer at or below the address in the caller's frame. */
  readonly object: number | undefined;
  /** Pointers in the frames further out than the one that called Lock. */
  readonly outerWords: ReadonlySet<number>;
}

/** All waiters of one lock. */
export interface LockQueue {
  readonly key: string;
  readonly waiters: readonly LockWaiter[];
}

/** Of the runtime's lock frames only this one keeps its argument alive; others print what the register held last. */
const LOCK_CALL = /^(?:internal\/)?sync\.\(\*Mutex\)\.lockSlow$/;

const MODES: ReadonlySet<string> = new Set(["mutex", "rwmutex read", "rwmutex write"]);

/** Waiters by lock, over the witnesses of a dump. */
export class LockTable {
  readonly waiters: readonly LockWaiter[];
  readonly #byGroup = new Map<GroupView, LockWaiter[]>();
  readonly #queues = new Map<LockWaiter, LockQueue>();
  /** Most pointers are one member's alone: an array each would take 70 MB for a million goroutines. */
  readonly #mentions = new Map<number, Member | Member[]>();

  constructor(groups: readonly GroupView[]) {
    const waiters: LockWaiter[] = [];
    const queues = new Map<string, LockWaiter[]>();
    for (const view of groups) {
      const isWaiting = MODES.has(view.wait);
      for (const witness of view.group.witnesses) {
        this.#mention({ view, witness });
        if (!isWaiting) continue;
        const waiter = readWaiter(view, witness.words, { view, witness });
        waiters.push(waiter);
        push(this.#byGroup, view, waiter);
        push(queues, queueKey(waiter), waiter);
      }
    }
    this.waiters = waiters;
    for (const [key, together] of queues) {
      const queue = { key, waiters: together };
      for (const waiter of together) this.#queues.set(waiter, queue);
    }
  }

  /** The waiters that were kept as witnesses of a group. */
  waitersOf(view: GroupView): readonly LockWaiter[] {
    return this.#byGroup.get(view) ?? [];
  }

  /** The waiter that a member is, when it waits for a lock. */
  waiterOf(member: Member): LockWaiter | undefined {
    return this.#byGroup.get(member.view)?.find(({ witness }) => witness === member.witness);
  }

  /** The queue that a waiter stands in; the same object for all of its waiters. */
  queueOf(waiter: LockWaiter): LockQueue {
    return this.#queues.get(waiter) ?? { key: queueKey(waiter), waiters: [waiter] };
  }

  /** Members whose app frames carry this very pointer. */
  mentioning(pointer: number): readonly Member[] {
    const known = this.#mentions.get(pointer) ?? [];
    return Array.isArray(known) ? known : [known];
  }

  #mention(member: Member): void {
    const { view, witness } = member;
    const from = Math.max(view.siteIndex, 0);
    for (let index = from; index < view.functions.length; index++) {
      for (const word of witness.words[index] ?? []) {
        if (!(word >= ADDRESS_MIN)) continue;
        const known = this.#mentions.get(word);
        if (known === undefined) this.#mentions.set(word, member);
        else if (!Array.isArray(known)) {
          if (known !== member) this.#mentions.set(word, [known, member]);
        } else if (known.at(-1) !== member) known.push(member);
      }
    }
  }
}

function readWaiter(
  view: GroupView,
  words: readonly (readonly number[])[],
  member: Member,
): LockWaiter {
  const address = lockAddress(view, words);
  const callerIndex = view.functions.findIndex(isLockCaller);
  const outer = new Set<number>();
  for (let index = callerIndex + 1; index < view.functions.length; index++) {
    if (callerIndex < 0 || isServerFrame(view, index)) break;
    for (const word of words[index] ?? []) if (word >= ADDRESS_MIN) outer.add(word);
  }
  // Without an address only the caller's own receiver is worth a guess.
  const near = words[callerIndex] ?? [];
  const object = objectAround(address, address === undefined ? near : [...near, ...outer]);
  return { ...member, mode: view.wait as LockWaiter["mode"], address, object, outerWords: outer };
}

/** First frame outside of `sync`: the one that called Lock. */
function isLockCaller(name: string): boolean {
  return !/^(?:runtime|sync|internal\/sync)$/.test(packageOf(name));
}

/** From the server's own frames on, words speak of the connection, not of the service's objects. */
function isServerFrame(view: GroupView, index: number): boolean {
  return view.functions[index]?.startsWith("net/http.") === true;
}

function lockAddress(view: GroupView, words: readonly (readonly number[])[]): number | undefined {
  for (const [index, name] of view.functions.entries()) {
    if (!/^(?:runtime|sync|internal\/sync)\./.test(name)) return undefined;
    const word = words[index]?.[0];
    if (LOCK_CALL.test(name) && word !== undefined && word >= ADDRESS_MIN) return word;
  }
  return undefined;
}

/** The largest pointer at or below the address within a struct's size; without an address, the first pointer. */
function objectAround(address: number | undefined, words: readonly number[]): number | undefined {
  if (address === undefined) return words.find((word) => word >= ADDRESS_MIN);
  let best: number | undefined;
  for (const word of words) {
    const isAround = word >= ADDRESS_MIN && word <= address && address - word < STRUCT_BYTES_MAX;
    if (isAround && (best === undefined || word > best)) best = word;
  }
  return best;
}

/** Waiters without an address share a queue when they share the object, else only their own stack. */
function queueKey(waiter: LockWaiter): string {
  const anchor = waiter.object ?? waiter.address;
  return anchor === undefined ? waiter.view.key : `0x${anchor.toString(16)}`;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
