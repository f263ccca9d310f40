/** Listeners that a scope leaves on emitters and signals that live longer than it. */
import { EventEmitter, getEventListeners } from "node:events";
import type { Frame } from "@watertight/finding";
import { currentScope } from "../current-scope.ts";
import { nextMoment, type Scope } from "../scope.ts";
import { appFrames, firstOwned, ownerOf } from "../stack-frame.ts";
import type { Trace } from "../trace.ts";
import { originOfResumed } from "./awaits.ts";
import { isOlder, noteBirth } from "./births.ts";
import type { Watch } from "./watch.ts";

/** A listener that a scope added. */
export interface ListenerRecord {
  readonly target: WeakRef<object>;
  /** e.g. `EventEmitter`, `AbortSignal`, `process`. */
  readonly targetName: string;
  readonly event: string | symbol;
  readonly listener: WeakRef<object>;
  readonly trace: Trace | undefined;
  readonly origin: Trace | undefined;
  readonly moment: number;
}

const LISTENERS_MAX = 10_000;
const PRUNED_EVERY = 1_024;

type Listener = (...args: unknown[]) => void;
type AddListener = (this: object, event: string | symbol, listener: Listener) => object;

function noteListener(
  target: object,
  event: string | symbol,
  listener: unknown,
  above: (...args: never[]) => unknown,
): void {
  const scope = currentScope();
  if (scope === undefined || !isOlder(target, scope)) return;
  if ((typeof listener !== "function" && typeof listener !== "object") || listener === null) return;
  const { listeners } = scope;
  if (listeners.size % PRUNED_EVERY === PRUNED_EVERY - 1) prune(listeners);
  if (listeners.size >= LISTENERS_MAX) return;
  listeners.add({
    target: new WeakRef(target),
    targetName: nameTarget(target),
    event,
    listener: new WeakRef(listener),
    trace: scope.budget.take(above),
    origin: originOfResumed(scope),
    moment: nextMoment(),
  });
}

function prune(listeners: Set<ListenerRecord>): void {
  for (const record of listeners) if (!isAttached(record)) listeners.delete(record);
}

function nameTarget(target: object): string {
  if (target === process) return "process";
  return (target.constructor as { name?: string } | undefined)?.name ?? "EventEmitter";
}

function isAttached({ target, event, listener }: ListenerRecord): boolean {
  const emitter = target.deref();
  const expected = listener.deref();
  if (emitter === undefined || expected === undefined) return false;
  if (emitter instanceof EventEmitter)
    return emitter.rawListeners(event).includes(expected as never);
  if (emitter instanceof AbortSignal && emitter.aborted) return false;
  return getEventListeners(emitter as EventTarget, String(event)).includes(expected as never);
}

/** The listeners that a scope left, oldest first; those that the runtime or the runner added are theirs. */
export function leftListeners(scope: Scope): readonly ListenerRecord[] {
  return [...scope.listeners].filter((record) => {
    if (!isAttached(record)) return false;
    const frames = record.trace?.frames ?? [];
    const first = frames.find((frame) => ownerOf(frame) !== "testkit");
    if (first === undefined) return true;
    if (ownerOf(firstOwned(frames) ?? first) === "runner") return false;
    if (isForProcessEnd(record, first)) return false;
    // The runtime adds listeners for itself; of what it adds for its caller, the caller's await tells.
    return (ownerOf(first) !== "runtime" || isOfIterator(record)) && appFrames(frames).length > 0;
  });
}

const PROCESS_ENDS = new Set(["beforeExit", "exit", "SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"]);

/** Where dependencies added listeners for the end of the process, and the first that each place added. */
const firstByPlace = new Map<string, WeakRef<object>>();

/** What a dependency adds once, to clean up after itself at the end of the process, is its own business. */
function isForProcessEnd({ targetName, event, listener }: ListenerRecord, added: Frame): boolean {
  if (targetName !== "process" || ownerOf(added) !== "dependency") return false;
  if (!PROCESS_ENDS.has(String(event))) return false;
  const place = `${added.file}:${added.line} ${String(event)}`;
  const known = firstByPlace.get(place);
  if (known === undefined) firstByPlace.set(place, listener);
  return known === undefined || known.deref() === listener.deref();
}

/** Whether `events.on()` added it, whose iterator removes it when it is returned. */
export function isOfIterator({ trace }: ListenerRecord): boolean {
  const frames = trace?.frames ?? [];
  const last = frames.findIndex((frame) => !["runtime", "testkit"].includes(ownerOf(frame)));
  const call = frames[last - 1];
  return call?.file === "node:events" && call.function === "on";
}

/** Emitters that never call their constructor (mixed in, or inherited the old way) begin at their first listener. */
function isInitialised(emitter: object): boolean {
  return (emitter as { readonly _events?: object })._events !== undefined;
}

const EMITTER_METHODS = ["on", "addListener", "prependListener"] as const;

function watchEmitters(): () => void {
  const prototype = EventEmitter.prototype as unknown as Record<string, AddListener>;
  const undo = EMITTER_METHODS.map((name) => {
    const original = prototype[name] as AddListener;
    const watched: AddListener = {
      [name](this: object, event: string | symbol, listener: Listener): object {
        if (!isInitialised(this)) noteBirth(this);
        const result = original.call(this, event, listener);
        noteListener(this, event, listener, watched);
        return result;
      },
    }[name] as AddListener;
    prototype[name] = watched;
    return () => {
      if (prototype[name] === watched) prototype[name] = original;
    };
  });
  return () => {
    for (const revert of undo) revert();
  };
}

type AddTargetListener = (
  this: EventTarget,
  type: string,
  listener: EventListenerOrEventListenerObject | null,
  options?: AddEventListenerOptions | boolean,
) => void;

function watchTargets(): () => void {
  const prototype = EventTarget.prototype as { addEventListener: AddTargetListener };
  const { addEventListener: original } = prototype;
  const watched: AddTargetListener = function addEventListener(type, listener, options) {
    original.call(this, type, listener, options);
    if (isLongLived(this)) noteListener(this, type, listener, watched);
  };
  prototype.addEventListener = watched;
  return () => {
    if (prototype.addEventListener === watched) prototype.addEventListener = original;
  };
}

/** Ports, sockets and the like that the runtime makes itself cannot be dated; they are watched as handles. */
function isLongLived(target: EventTarget): boolean {
  if (target instanceof AbortSignal) return true;
  const tag = Object.prototype.toString.call(target);
  return tag === "[object EventTarget]" && target.constructor !== globalThis.MessagePort;
}

export const listenerWatch: Watch = {
  install() {
    const unwatchEmitters = watchEmitters();
    const unwatchTargets = watchTargets();
    return () => {
      unwatchTargets();
      unwatchEmitters();
    };
  },
};
