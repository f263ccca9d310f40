/**
 * Connection pools of undici that a scope made itself: whoever makes one closes it. The pools
 * inside of one, and those that the global `fetch` makes for itself, are their owner's.
 */
import type { Frame } from "@watertight/finding";
import type { Scope } from "../scope.ts";
import { ownerOf } from "../stack-frame.ts";
import type { Trace } from "../trace.ts";
import { originOfResumed } from "./awaits.ts";
import { symbolValue } from "./idle-connection.ts";
import { nextMoment } from "../scope.ts";

/** A dispatcher of undici: a Client, a Pool or an Agent. */
export interface PoolRecord {
  readonly pool: WeakRef<object>;
  readonly trace: Trace | undefined;
  readonly origin: Trace | undefined;
  readonly moment: number;
}

const POOLS_MAX = 1_000;

/** Notes an emitter that is just being made, when it is a dispatcher. */
export function notePool(
  emitter: object,
  scope: Scope,
  above: (...args: never[]) => unknown,
): void {
  const { dispatch, destroy } = emitter as { dispatch?: unknown; destroy?: unknown };
  if (typeof dispatch !== "function" || typeof destroy !== "function") return;
  if (scope.pools.size >= POOLS_MAX) return;
  scope.pools.add({
    pool: new WeakRef(emitter),
    trace: scope.budget.take(above),
    origin: originOfResumed(scope),
    moment: nextMoment(),
  });
}

/** The pools of a scope that still hold connections, oldest first. */
export function openPools(scope: Scope): readonly PoolRecord[] {
  return [...scope.pools].filter(({ pool, trace }) => {
    const dispatcher = pool.deref();
    return (
      dispatcher !== undefined &&
      !isEnded(dispatcher) &&
      countConnections(dispatcher) > 0 &&
      !isInner(trace?.frames ?? [])
    );
  });
}

function isEnded(dispatcher: object): boolean {
  const { closed, destroyed } = dispatcher as { closed?: boolean; destroyed?: boolean };
  return closed === true || destroyed === true;
}

/** A client is connected or not, a pool counts, an agent holds pools by their origin. */
function countConnections(dispatcher: object): number {
  const connected = symbolValue(dispatcher, "connected");
  if (typeof connected === "number" || typeof connected === "boolean") return Number(connected);
  const clients = symbolValue(dispatcher, "clients");
  if (!(clients instanceof Map)) return 0;
  return [...clients.values()].reduce((sum: number, entry: unknown) => {
    const { dispatcher: inner = entry } = entry as { dispatcher?: unknown };
    const alive = inner instanceof WeakRef ? (inner.deref() as unknown) : inner;
    return typeof alive === "object" && alive !== null ? sum + countConnections(alive) : sum;
  }, 0);
}

/** Whether undici made it for itself: then its own code called the constructor. */
function isInner(frames: readonly Frame[]): boolean {
  const made = frames.filter((frame) => ownerOf(frame) !== "testkit" && !isEmitter(frame));
  const caller = made.find(({ function: name }) => !name.startsWith("new "));
  const folder = folderOf(made[0]);
  return caller === undefined || (folder !== undefined && caller.file.startsWith(folder));
}

function isEmitter({ file }: Frame): boolean {
  return file === "node:events";
}

/** Where undici is: a package's folder, or the file that the runtime has it in. */
function folderOf(constructor: Frame | undefined): string | undefined {
  const file = constructor?.file ?? "";
  return (
    /^.*\/node_modules\/undici\//.exec(file)?.[0] ??
    /^node:internal\/deps\/undici\//.exec(file)?.[0]
  );
}
