/**
 * Who could wake a task, for whoever is called at night. The heap graph gives the way there step by step; steps
 * of V8's and Node's own are left out or called what they stand for, and the program's own names stay.
 */
import { nameNative, nameWrapped } from "./native-wakers.ts";

/** One step of the way, e.g. `Mutex.#waiting`, `Array[3]`. */
interface Step {
  readonly holder: string;
  /** Property or index; empty where the graph names none. */
  readonly through: string;
}

/** Words for one step or several. */
interface Told {
  /** Empty for steps that tell a reader nothing. */
  readonly text: string;
  /** How many steps it is about. */
  readonly used: number;
  /** Whether it is a name of the program's, which a collection behind it belongs to. */
  readonly isName?: boolean;
}

type Reader = (steps: readonly Step[], at: number) => Told | undefined;

/** `waker` as a capture has it, in words; as it is where none of its steps has any. */
export function tellWaker(waker: string): string {
  const steps = waker.split(" > ").map(readStep);
  const texts: string[] = [];
  let isName = false;
  for (let at = 0; at < steps.length;) {
    const told = tellStep(steps, at);
    const collection = isName ? collectionOf(steps[at] as Step) : undefined;
    if (collection !== undefined) texts.push(`${texts.pop()} (${collection})`);
    else if (told.text !== "" && told.text !== texts.at(-1)) texts.push(told.text);
    isName = told.isName === true;
    at += told.used;
  }
  return texts.length === 0 ? waker : texts.join(" > ");
}

function readStep(text: string): Step {
  const [, holder = text, index, property] = /^(.*?)(?:\[(\d+)\]|\.(.+))?$/.exec(text) ?? [];
  return { holder, through: index ?? property ?? "" };
}

function tellStep(steps: readonly Step[], at: number): Told {
  for (const reader of READERS) {
    const told = reader(steps, at);
    if (told !== undefined) return told;
  }
  return { text: "", used: 1 };
}

/** A socket, a request to the file system: with the object around it, when that is Node's as well. */
const readNative: Reader = (steps, at) => {
  const { holder, through } = steps[at] as Step;
  const native = nameNative(holder, through);
  if (native === undefined) return undefined;
  const event = readListener(steps, at + 1);
  const whose = event && nameWrapped(native, event.of);
  return event === undefined || whose === undefined
    ? { text: native, used: 1 }
    : { text: `${event.event} of ${whose}`, used: 1 + event.used };
};

/** A server of `node:http` has a timer of its own, and all timers of as many milliseconds hang in one list. */
const readServerTimer: Reader = (steps, at) => {
  const isServers = (step: Step | undefined): boolean =>
    step?.through === "<symbol http.server.connectionsCheckingInterval>";
  if (isServers(steps[at])) return { text: "", used: 1 };
  return isServers(steps[at + 1]) ? { text: "", used: 2 } : undefined;
};

const SETS_TIMERS = /^(?:set|clear)(?:Timeout|Interval|Immediate)$/;

/** Node keeps its timers in lists by their milliseconds. */
const readTimer: Reader = (steps, at) => {
  const { holder, through } = steps[at] as Step;
  if (holder.startsWith("global") && SETS_TIMERS.test(through)) {
    const [list, timer] = [steps[at + 1], steps[at + 2]];
    if (list?.holder !== "Object" || timer?.holder !== "Timeout") return { text: "", used: 1 };
    return { text: `a timer of ${formatDelay(Number(list.through))}`, used: 3 };
  }
  if (holder === "Timeout" || holder === "TimersList") return { text: "a timer", used: 1 };
  const isImmediate = holder === "Immediate" || holder === "ImmediateList";
  return isImmediate ? { text: "an immediate", used: 1 } : undefined;
};

function formatDelay(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

/** What undici, and fetch with it, hangs on a request of theirs. */
const HANDLER = /^(?:onConnect|onRequestStart|controller|processResponse|resolve|next)$/;

const readHttpRequest: Reader = (steps, at) => {
  const { holder, through } = steps[at] as Step;
  const next = steps[at + 1];
  if (holder !== "Request" || through !== "<symbol handler>" || next?.holder !== "Object")
    return undefined;
  if (!/^on(?:Connect|RequestStart)$/.test(next.through)) return undefined;
  const after = steps.slice(at + 1);
  const end = after.findIndex(
    (step) => !/^(?:Object|Fetch)$/.test(step.holder) || !HANDLER.test(step.through),
  );
  return { text: "an HTTP request", used: 1 + (end < 0 ? after.length : end) };
};

interface Listener {
  readonly event: string;
  readonly of: string;
  readonly used: number;
}

/** `Session._events > Object.ready > wrapper.listener`; `AbortSignal.<symbol kEvents> > Map.table > …`. */
function readListener(steps: readonly Step[], at: number): Listener | undefined {
  const step = steps[at];
  if (step === undefined) return undefined;
  const of = step.holder.replace("(stream)", " (a stream)");
  const after = steps.slice(at + 1);
  if (step.through === "<symbol kEvents>") {
    const end = after.findIndex((each) => !/^(?:Map|Object|Listener)$/.test(each.holder));
    return { event: "an event", of, used: 1 + (end < 0 ? after.length : end) };
  }
  if (step.through !== "_events") return undefined;
  const name = after[0]?.holder === "Object" ? after[0].through : undefined;
  const used = (name === undefined ? 1 : 2) + (after[1]?.holder === "wrapper" ? 1 : 0);
  // Whoever waits for any event with `once` listens to errors as well.
  const isNamed = name !== undefined && name !== "error";
  return { event: isNamed ? `event "${name}"` : "an event", of, used };
}

const readEvent: Reader = (steps, at) => {
  const listener = readListener(steps, at);
  if (listener === undefined) return undefined;
  const of = listener.of === "MessagePort" ? "a message port" : listener.of;
  return { text: `${listener.event} of ${of}`, used: listener.used };
};

/** What every way from the roots may lead through. */
const PLUMBING =
  /^(?:Module|ModuleWrap|AsyncContextFrame|AsyncLocalStorage|Promise|PromiseReaction|Generator|native_bind|global \/ ?)?$/;
const PLUMBING_THROUGH =
  /^<symbol (?:owner_symbol|kResourceStore|async_id_symbol|trigger_async_id_symbol|node:.*)>$/;

const readPlumbing: Reader = (steps, at) => {
  const { holder, through } = steps[at] as Step;
  if (PLUMBING_THROUGH.test(through)) return { text: "", used: 1 };
  if (holder.startsWith("global") && through !== "")
    return { text: `globalThis.${through}`, used: 1, isName: true };
  return PLUMBING.test(holder) ? { text: "", used: 1 } : undefined;
};

const COLLECTIONS: Readonly<Record<string, string>> = {
  Map: "a Map",
  Set: "a Set",
  WeakMap: "a WeakMap",
  Array: "an array",
};

/** Without its article. */
function collectionOf({ holder, through }: Step): string | undefined {
  if (!Object.hasOwn(COLLECTIONS, holder) || !/^(?:table|\d+)$/.test(through)) return undefined;
  return COLLECTIONS[holder]?.replace(/^an? /, "");
}

/** Node's own queue is a list of rings, each with an array. */
const readQueue: Reader = (steps, at) => {
  if (!QUEUE.test(steps[at]?.holder ?? "")) return undefined;
  const end = steps.slice(at).findIndex(({ holder }) => !QUEUE.test(holder) && holder !== "Array");
  return { text: "a queue", used: end < 0 ? steps.length - at : end };
};
const QUEUE = /^Fixed(?:Queue|CircularBuffer)$/;

const readCollection: Reader = (steps, at) => {
  const { holder } = steps[at] as Step;
  const text = Object.hasOwn(COLLECTIONS, holder) ? COLLECTIONS[holder] : undefined;
  return text === undefined ? undefined : { text, used: 1 };
};

/** Edges that V8 names, not the program. */
const OF_V8 = /^(?:bound_\w+|properties|table|shared|__proto__|\d*)$/;

const readProperty: Reader = (steps, at) => {
  const { holder, through } = steps[at] as Step;
  const [, symbol] = /^<symbol (.*)>$/.exec(through) ?? [];
  const name = holder.replace("(stream)", " (a stream)");
  if (symbol !== undefined)
    return { text: /^k[A-Z]/.test(symbol) ? name : `${name}[${symbol}]`, used: 1, isName: true };
  if (OF_V8.test(through)) return { text: holder === "Object" ? "" : name, used: 1 };
  return { text: holder === "Object" ? through : `${name}.${through}`, used: 1, isName: true };
};

const READERS: readonly Reader[] = [
  readServerTimer,
  readNative,
  readTimer,
  readHttpRequest,
  readEvent,
  readPlumbing,
  readQueue,
  readCollection,
  readProperty,
];
