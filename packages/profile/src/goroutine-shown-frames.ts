/**
 * Which frames of a stack a person is shown, and by which names. `debug=2` hides the runtime's own
 * frames; the other formats and crashes print some or all of them. A stack must read the same
 * wherever it comes from, so all formats go by the rules of `debug=2` (`showfuncinfo` in
 * `runtime/traceback.go`).
 */
import type { Frame } from "./goroutine-dump.ts";

/** Exported functions of the runtime are shown, and panics below the leaf. */
function isShownFrame(name: string, depth: number): boolean {
  if (!name.startsWith("runtime.")) return name.includes(".") || !name.startsWith("runtime");
  if (name === "runtime.gopanic") return depth > 0;
  if (/^runtime\.(?:runfinq|runFinalizers|runCleanups)$/.test(name)) return true;
  return /^runtime\.(?:\(?\*?[A-Z]\w*\)?\.)?[A-Z]\w*$/.test(name);
}

/**
 * Places of the frames that `debug=2` would show, or undefined when it would show all, as it
 * also does where every frame is the runtime's. Frames are leaf first.
 */
export function hideRuntimeFrames(
  frames: readonly Pick<Frame, "function">[],
): readonly number[] | undefined {
  const shown = [...frames.keys()].filter((place) =>
    isShownFrame((frames[place] as Pick<Frame, "function">).function, place),
  );
  return shown.length === 0 || shown.length === frames.length ? undefined : shown;
}

/** The name that `debug=2` prints: `main.Map[...]` for `main.Map[go.shape.int]`, `panic` for `runtime.gopanic`. */
export function shownName(name: string): string {
  if (name === "runtime.gopanic") return "panic";
  const open = name.indexOf("[");
  const close = name.lastIndexOf("]");
  return open < 0 || close < open ? name : `${name.slice(0, open)}[...]${name.slice(close + 1)}`;
}
