/** The stack of an allocation. V8's own capture, which the host's settings of `Error` are not asked for. */
import { fileURLToPath } from "node:url";
import { getCallSites } from "node:util";

/** Frames of a stack that are kept. */
const FRAMES_MAX = 32;

/** Interned: the same place is the same object. */
export interface AllocationFrame {
  readonly key: string;
  readonly function: string;
  /** A path, or the name of a module of Node. */
  readonly file: string;
  readonly line: number;
}

/** Stands for every stack above the limit. */
export const OTHER_SITES: AllocationFrame = {
  key: "",
  function: "(other call sites)",
  file: "",
  line: 0,
};

/** Places of different code are bounded by the stacks that are kept; this bounds those that are not. */
const INTERNED_MAX = 32_768;
const interned = new Map<string, AllocationFrame>();

/** Innermost first, without the function that calls this and `framesAbove` more. */
export function captureAllocationStack(framesAbove: number): readonly AllocationFrame[] {
  const skipped = framesAbove + 1;
  return getCallSites(FRAMES_MAX + skipped, { sourceMap: false })
    .slice(skipped)
    .map(({ functionName, scriptName, lineNumber }) => {
      const key = `${functionName} ${scriptName}:${lineNumber}`;
      const known = interned.get(key);
      if (known) return known;
      const frame = {
        key,
        function: functionName || "(anonymous)",
        file: fileOf(scriptName),
        line: lineNumber,
      };
      if (interned.size < INTERNED_MAX) interned.set(key, frame);
      return frame;
    });
}

function fileOf(script: string): string {
  if (!script.startsWith("file://")) return script;
  try {
    return fileURLToPath(script);
  } catch {
    return script;
  }
}
