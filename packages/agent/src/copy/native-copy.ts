/**
 * The native half of a process copy (`native/process-copy.c`), where it has been built for this
 * machine. Everywhere else a task profile is taken in the process itself.
 */
import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";

/** What C does for copies. All of it belongs to the main thread. */
export interface NativeCopy {
  /** Looks for what V8's worker threads wait on; how many such conditions are known by now. */
  findConditions(): number;
  /** Gives every object of the heap an id that lasts as long as the object: a garbage collection and a walk. */
  nameObjects(): void;
  /** Forgets those ids. */
  forgetObjects(): void;
  /**
   * Descriptors: the end of a pipe to read, the one to write, and both ends of a pair of sockets.
   * Undefined when the process may not open as many.
   */
  openChannels(): readonly [number, number, number, number] | undefined;
  /** Copies the process. Its process id; 0 in the copy, which keeps these descriptors; -1 if there is none. */
  copy(...kept: readonly number[]): number;
  /** Ends the copy on the spot. */
  end(): never;
  /** 0 while a copy lives; 1 once it has ended, and then its entry is gone. */
  reap(pid: number): 0 | 1;
}

let loaded: { readonly native: NativeCopy | undefined } | undefined;

/** The native half, or undefined where it is not built, or where this Node or C library is not known to it. */
export function loadNativeCopy(): NativeCopy | undefined {
  loaded ??= { native: isMainThread && process.platform === "linux" ? requireNative() : undefined };
  return loaded.native;
}

function requireNative(): NativeCopy | undefined {
  try {
    // As far from here in the sources as it is when published.
    return createRequire(import.meta.url)(
      `../../native/build/${process.platform}-${process.arch}.node`,
    ) as NativeCopy;
  } catch {
    return undefined;
  }
}
