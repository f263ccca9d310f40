/** A garbage collection on demand, for a process that was not started with `--expose-gc`. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/** Collects everything unreachable, in one go: 0.5 to 1 ms for each megabyte of heap in use. */
export function collectGarbage(): void {
  collect ??= exposeCollector();
  collect();
}

function exposeCollector(): () => void {
  const { gc: exposed } = globalThis;
  if (typeof exposed === "function") {
    return () => {
      exposed({ execution: "sync" });
    };
  }
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  setFlagsFromString("--no-expose-gc");
  return gc;
}
