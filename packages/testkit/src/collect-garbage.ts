/** A garbage collection on demand, for a process that was not started with `--expose-gc`. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/** Collects everything unreachable. Costs milliseconds to seconds: only where a leak is certain already. */
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
