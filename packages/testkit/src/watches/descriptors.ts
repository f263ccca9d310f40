/** File descriptors. No hook tells who opened them, so the calls that open are watched. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { currentOrigin, currentScope } from "../current-scope.ts";
import { nextMoment, type Scope } from "../scope.ts";
import type { Trace } from "../trace.ts";
import { originOfResumed } from "./awaits.ts";
import type { Watch } from "./watch.ts";

/** A descriptor that a scope opened. */
export interface DescriptorRecord {
  readonly descriptor: number;
  /** A stream's waits for somebody to read it; a file's for somebody to close it. */
  readonly kind: "file" | "stream";
  /** What it pointed to then, e.g. a path. */
  readonly target: string;
  readonly trace: Trace | undefined;
  readonly origin: Trace | undefined;
  readonly moment: number;
}

/** The descriptors of a scope that are still open on the same file. */
export function openDescriptors(scope: Scope): readonly DescriptorRecord[] {
  return [...scope.descriptors.values()].filter(
    ({ descriptor, target }) => targetOf(descriptor) === target,
  );
}

function targetOf(descriptor: number): string | undefined {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return statOf(descriptor);
  }
}

/** Where there is no /proc, the file's identity stands in for its path. */
function statOf(descriptor: number): string | undefined {
  if (process.platform === "linux") return undefined;
  try {
    const { dev, ino } = fs.fstatSync(descriptor);
    return `file ${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function noteDescriptor(
  scope: Scope,
  descriptor: number,
  trace: Trace | undefined,
  kind: DescriptorRecord["kind"] = "file",
): void {
  const target = targetOf(descriptor);
  if (target === undefined) return;
  scope.descriptors.set(descriptor, {
    descriptor,
    kind,
    target,
    trace,
    origin: originOfResumed(scope),
    moment: nextMoment(),
  });
}

type OpenCallback = (error: Error | null, descriptor?: number) => void;

export const descriptorWatch: Watch = {
  install() {
    const { open, openSync } = fs;
    const { open: openHandle } = fs.promises;
    const watchedOpenHandle = (
      ...args: Parameters<typeof openHandle>
    ): ReturnType<typeof openHandle> => {
      const opened = openHandle(...args);
      const scope = currentScope();
      if (scope === undefined) return opened;
      const trace = scope.budget.take(watchedOpenHandle);
      opened.then(
        ({ fd }) => noteDescriptor(scope, fd, trace),
        () => undefined,
      );
      return opened;
    };
    const watchedOpenSync = (...args: Parameters<typeof openSync>): number => {
      const descriptor = openSync(...args);
      const scope = currentScope();
      if (scope !== undefined)
        noteDescriptor(scope, descriptor, scope.budget.take(watchedOpenSync));
      return descriptor;
    };
    const watchedOpen = (...args: unknown[]): void => {
      const scope = currentScope();
      const callback = args.at(-1);
      if (scope !== undefined && typeof callback === "function") {
        const origin = currentOrigin();
        const trace = origin ?? scope.budget.take(watchedOpen);
        args[args.length - 1] = ((error, descriptor) => {
          if (descriptor !== undefined) {
            noteDescriptor(scope, descriptor, trace, origin === undefined ? "file" : "stream");
          }
          (callback as OpenCallback)(error, descriptor);
        }) satisfies OpenCallback;
      }
      Reflect.apply(open, fs, args);
    };
    fs.openSync = Object.assign(watchedOpenSync, openSync);
    fs.open = Object.assign(watchedOpen, open);
    fs.promises.open = watchedOpenHandle;
    syncBuiltinESMExports();
    return () => {
      if (fs.promises.open === watchedOpenHandle) fs.promises.open = openHandle;
      if (fs.openSync === (watchedOpenSync as unknown)) fs.openSync = openSync;
      if (fs.open === (watchedOpen as unknown)) fs.open = open;
      syncBuiltinESMExports();
    };
  },
};
