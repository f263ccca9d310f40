/**
 * What a goroutine waits for, in one vocabulary for Go 1.19 to 1.27.
 *
 * The runtime's wait reasons became finer over the years: a mutex was `semacquire`
 * until 1.20, a WaitGroup until 1.23. The frames below the wait say the same in all of them.
 * Formats without a wait reason (debug=1) are read from the frames as far as they go.
 */
import type { GoroutineGroup } from "@watertight/profile";
import { stateClass } from "../stack/group-key.ts";

export type Wait =
  | "chan send"
  | "chan receive"
  | "chan send (nil chan)"
  | "chan receive (nil chan)"
  | "select"
  | "select (no cases)"
  | "mutex"
  | "rwmutex read"
  | "rwmutex write"
  | "waitgroup"
  | "cond"
  | "semaphore"
  | "IO wait"
  | "sleep"
  | "moving"
  /** In the service's own code, in a format that hides what the runtime does there (`debug=1`). */
  | "hidden"
  | "other";

const BY_STATE: ReadonlyMap<string, Wait> = new Map<string, Wait>([
  ["chan send", "chan send"],
  ["chan receive", "chan receive"],
  ["chan send (nil chan)", "chan send (nil chan)"],
  ["chan receive (nil chan)", "chan receive (nil chan)"],
  ["select", "select"],
  ["select (no cases)", "select (no cases)"],
  ["sync.Mutex.Lock", "mutex"],
  ["sync.RWMutex.RLock", "rwmutex read"],
  ["sync.RWMutex.Lock", "rwmutex write"],
  ["sync.WaitGroup.Wait", "waitgroup"],
  ["sync.Cond.Wait", "cond"],
  ["IO wait", "IO wait"],
  ["sleep", "sleep"],
  ["moving", "moving"],
]);

const BY_FUNCTION: readonly (readonly [RegExp, Wait])[] = [
  [/^sync\.\(\*RWMutex\)\.Lock$/, "rwmutex write"],
  [/^sync\.\(\*RWMutex\)\.(?:RLock|rLockSlow)$|^sync\.runtime_SemacquireRWMutexR$/, "rwmutex read"],
  [/^sync\.runtime_SemacquireRWMutex$/, "rwmutex write"],
  [/^(?:internal\/)?sync\.\(\*Mutex\)\.(?:Lock|lockSlow)$/, "mutex"],
  [/^sync\.\(\*WaitGroup\)\.Wait$|^sync\.runtime_SemacquireWaitGroup$/, "waitgroup"],
  [/^sync\.\(\*Cond\)\.Wait$|^sync\.runtime_notifyListWait$/, "cond"],
  [/^internal\/poll\.runtime_pollWait$/, "IO wait"],
  [/^time\.Sleep$/, "sleep"],
  [/^runtime\.chansend1?$/, "chan send"],
  [/^runtime\.chanrecv[12]?$/, "chan receive"],
  [/^runtime\.selectgo$/, "select"],
  [/^runtime\.block$/, "select (no cases)"],
];

/** What a library's function waits for when it is the innermost frame that a format shows. */
const BY_LEAF: readonly (readonly [RegExp, Wait])[] = [
  [/^io\.\(\*pipe\)\.(?:read|write)$/, "select"],
  [/^net\/http\.\(\*persistConn\)\.(?:readLoop|writeLoop|roundTrip)$/, "select"],
  [/\.\(\*(?:http2)?clientStream\)\.writeRequest$/, "select"],
  [/^database\/sql\.\(\*(?:Rows\)\.awaitDone|DB\)\.(?:conn|connectionOpener))$/, "select"],
  [/^database\/sql\.\(\*Tx\)\.awaitDone$/, "chan receive"],
  [/^os\/exec\.\(\*Cmd\)\.(?:watchCtx|Start)\.func\d+$/, "select"],
  [/^context\.(?:\(\*cancelCtx\)\.)?propagateCancel\.func\d+$/, "select"],
  [/^google\.golang\.org\/grpc\.newClientStreamWithParams\.func\d+$/, "select"],
  [/\/semaphore\.\(\*Weighted\)\.Acquire$/, "select"],
];

/** The wait of a group whose normalised functions are `functions`, leaf first. */
export function waitOf(group: GoroutineGroup, functions: readonly string[]): Wait {
  const state = stateClass(group.state);
  const byFunction = waitByFunction(functions);
  // RWMutex.Lock takes an inner Mutex first: the outer call is what the program asked for.
  if (state === "sync.Mutex.Lock" && byFunction === "rwmutex write") return "rwmutex write";
  const byState = BY_STATE.get(state);
  if (byState !== undefined) return byState;
  if (state !== "" && state !== "semacquire") return "other";
  if (byFunction !== undefined) return byFunction;
  if (state === "semacquire") return "semaphore";
  const byLeaf = BY_LEAF.find(([pattern]) => pattern.test(functions[0] ?? ""))?.[1];
  if (byLeaf !== undefined) return byLeaf;
  return /^(?:runtime|syscall|internal\/runtime)[./]/.test(functions[0] ?? "runtime.")
    ? "other"
    : "hidden";
}

function waitByFunction(functions: readonly string[]): Wait | undefined {
  let found: Wait | undefined;
  for (const name of functions.slice(0, 8)) {
    const wait = BY_FUNCTION.find(([pattern]) => pattern.test(name))?.[1];
    if (wait === undefined) {
      if (
        found !== undefined ||
        !/^(?:runtime|sync|internal\/sync|internal\/poll|time)\./.test(name)
      )
        break;
      continue;
    }
    if (found === undefined || wait === "rwmutex write") found = wait;
  }
  return found;
}
