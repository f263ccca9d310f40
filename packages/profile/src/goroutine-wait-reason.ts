/**
 * Why a goroutine waits, read off the runtime functions at the top of its stack. `debug=2`
 * prints the reason; a pprof goroutine profile has only the stack.
 * The calls of `gopark` in the Go runtime, 1.19 to 1.27, are the source.
 */

/** One frame as a pprof profile has it. */
export interface ProfileFrame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** Line at which the function starts; 0 before Go 1.20, which does not say. */
  readonly startLine: number;
}

/** By function, whichever of them is nearest to the leaf. */
const REASON_OF: Readonly<Record<string, string>> = {
  "runtime.chansend": "chan send",
  "runtime.chansend1": "chan send",
  "runtime.chanrecv": "chan receive",
  "runtime.chanrecv1": "chan receive",
  "runtime.chanrecv2": "chan receive",
  "runtime.selectgo": "select",
  "runtime.block": "select (no cases)",
  "runtime.netpollblock": "IO wait",
  "internal/poll.runtime_pollWait": "IO wait",
  "time.Sleep": "sleep",
  "runtime.timeSleep": "sleep",
  "sync.runtime_notifyListWait": "sync.Cond.Wait",
  "runtime.notifyListWait": "sync.Cond.Wait",
  "sync.runtime_SemacquireWaitGroup": "sync.WaitGroup.Wait",
  "sync.runtime_SemacquireMutex": "sync.Mutex.Lock",
  "internal/sync.runtime_SemacquireMutex": "sync.Mutex.Lock",
  "sync.runtime_SemacquireRWMutexR": "sync.RWMutex.RLock",
  "sync.runtime_SemacquireRWMutex": "sync.RWMutex.Lock",
  "sync.runtime_Semacquire": "semacquire",
  "internal/poll.runtime_Semacquire": "semacquire",
  "runtime.semacquire": "semacquire",
  "runtime.gcParkAssist": "GC assist wait",
  "runtime.gcWaitOnMark": "wait for GC cycle",
  "runtime.gcParkStrongFromWeak": "GC weak to strong wait",
  "runtime.bgsweep": "GC sweep wait",
  "runtime.bgscavenge": "GC scavenge wait",
  "runtime.forcegchelper": "force gc (idle)",
  "runtime.gcBgMarkWorker": "GC worker (idle)",
  "runtime.runfinq": "finalizer wait",
  "runtime.runFinalizers": "finalizer wait",
  "runtime.runCleanups": "cleanup wait",
  "runtime.updateMaxProcsGoroutine": "GOMAXPROCS updater (idle)",
  "runtime.ReadTrace": "trace reader (blocked)",
  "runtime.readTrace0": "trace reader (blocked)",
  "runtime.coroswitch": "coroutine",
  "runtime.corostart": "coroutine",
  "internal/synctest.Run": "synctest.Run",
  "internal/synctest.Wait": "synctest.Wait",
};

/** Functions in which the scheduler parks a goroutine; the reason stands below them. */
const PARKING = new Set(["runtime.gopark", "runtime.goparkunlock", "runtime.semacquire1"]);
/** Functions in which a goroutine has left the scheduler for the operating system or C. */
const IN_SYSCALL =
  /^(?:(?:internal\/runtime\/|runtime\/internal\/)?syscall\.(?:Raw)?Syscall|syscall\.(?:raw)?syscall|runtime\.(?:cgocall|notetsleepg|entersyscall|exitsyscall|asmcgocall))/;
const CHANNEL_OPERATION = /^runtime\.chan(?:send|recv)$/;
const BEFORE_GO_1_20 = new Set(["sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.RWMutex.Lock"]);

/**
 * A nil channel is parked on in the first lines of the function, any other in its last ones.
 * Go 1.19 does not say where the function starts, but its file is known.
 */
function isNilChannel(frame: ProfileFrame): boolean {
  if (frame.startLine > 0) return frame.line - frame.startLine < 40;
  return frame.line < (frame.function === "runtime.chansend" ? 220 : 530);
}

/**
 * The runtime's wait reason for a stack, leaf first, with its runtime frames; `running`,
 * `runnable` or `syscall` where the goroutine does not wait.
 */
export function deriveWaitReason(stack: readonly ProfileFrame[]): string {
  const leaf = stack[0];
  if (leaf === undefined) return "";
  if (/goroutineProfile/.test(leaf.function)) return "running";
  const isParked = PARKING.has(leaf.function) || REASON_OF[leaf.function] !== undefined;
  if (!isParked) return IN_SYSCALL.test(leaf.function) ? "syscall" : "runnable";
  const cause = stack.slice(0, 8).find((frame) => REASON_OF[frame.function] !== undefined);
  if (cause === undefined) return leaf.function === "runtime.gopark" ? "waiting" : "semacquire";
  const reason = REASON_OF[cause.function] as string;
  if (CHANNEL_OPERATION.test(cause.function) && isNilChannel(cause)) return `${reason} (nil chan)`;
  // Locks have reasons of their own since Go 1.20, and so have start lines in profiles.
  const isOld = stack.every((frame) => frame.startLine === 0);
  return isOld && BEFORE_GO_1_20.has(reason) ? "semacquire" : reason;
}
