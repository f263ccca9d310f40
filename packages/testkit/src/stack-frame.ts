/** Stack text into frames, and whose code a frame is. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Frame } from "@watertight/finding";

/** Whose code a frame runs. */
export type FrameOwner = "app" | "dependency" | "runner" | "runtime" | "testkit";

/** A frame with its column; two awaits of one line are two places. */
export interface Place extends Frame {
  readonly column: number;
}

const columns = new WeakMap<Frame, number>();

/** A frame as a finding holds it, which has no column. */
export function plainFrame(frame: Frame): Frame {
  const plain = { function: frame.function, file: frame.file, line: frame.line };
  columns.set(plain, (frame as Partial<Place>).column ?? 1);
  return plain;
}

/** The column of a frame that {@link plainFrame} made; 1 of any other. */
export function columnOf(frame: Frame): number {
  return columns.get(frame) ?? 1;
}

const HEAD = /^\s*at (?:(async) )?(?:(.*?) \()?((?:[^()]|\([^()]*\))*?)\)?$/;
const POSITION = /^(.*?):(\d+):(\d+)$/;

/**
 * Reads V8's stack text, leaf first. Frames without a position (`Promise.then (<anonymous>)`)
 * keep an empty file. Source: https://v8.dev/docs/stack-trace-api.
 */
export function parseStack(stack: string): readonly Place[] {
  const frames: Place[] = [];
  for (const line of stack.split("\n")) {
    const head = HEAD.exec(line);
    if (head === null || !line.trimStart().startsWith("at ")) continue;
    const [, , name = "", where = ""] = head;
    const position = POSITION.exec(where);
    frames.push({
      function: cleanName(name),
      file: position === null ? "" : toPath(position[1] as string),
      line: Number(position?.[2] ?? 0),
      column: Number(position?.[3] ?? 0),
    });
  }
  return frames;
}

function cleanName(name: string): string {
  const plain = name.replace(/^new /, "new ").replace(/ \[as [^\]]+\]$/, "");
  return plain === "" || plain === "<anonymous>" ? "(anonymous)" : plain;
}

function toPath(file: string): string {
  const plain = file.split("?")[0] as string;
  if (!plain.startsWith("file://")) return plain;
  try {
    return fileURLToPath(plain);
  } catch {
    return plain;
  }
}

const ownFolder = `${dirname(fileURLToPath(import.meta.url))}/`;
const RUNNERS =
  /node_modules\/(?:\.pnpm\/[^/]+\/node_modules\/)?(?:vitest|@vitest|vite|vite-node|tinypool|tinyspy|tinybench|jest|jest-[a-z-]+|@jest|expect|@sinonjs|chai|mocha)\//;

const flowFolder = `${join(fileURLToPath(import.meta.resolve("@watertight/flow")), "..")}/`;

/** Whose code it is, by its file. */
export function ownerOf(frame: Frame): FrameOwner {
  const { file } = frame;
  if (file === "" || file === "native" || file.startsWith("node:") || file.startsWith("internal/"))
    return "runtime";
  if (file.startsWith(ownFolder)) return "testkit";
  if (RUNNERS.test(file)) return "runner";
  // What waits in a channel is the program's line, wherever this workspace keeps the channel.
  if (file.startsWith(flowFolder)) return "dependency";
  return file.includes("/node_modules/") ? "dependency" : "app";
}

const EVALUATES: readonly (readonly [file: RegExp, name: RegExp])[] = [
  [/^node:internal\/modules\//, /(?:^|\.)(?:run|runSync|_compile)$/],
  [/^node:internal\/vm\/module$/, /(?:^|\.)evaluate$/],
  [/node_modules\/(?:.*\/)?(?:vite|vitest|vite-node)\//, /(?:^|\.)_?runInlinedModule$/],
  // Whatever it does on a stack, it loads a module.
  [/node_modules\/(?:.*\/)?jest-runtime\//, /./],
];

/** The top level of the module that is being evaluated on a stack, unless a test began since. */
export function evaluatedModule(frames: readonly Frame[]): Frame | undefined {
  const start = frames.findIndex((frame) => ownerOf(frame) !== "testkit");
  const end = frames.findIndex((frame, index) => index > start && ownerOf(frame) === "testkit");
  const since = frames.slice(Math.max(0, start), end === -1 ? undefined : end);
  const call = since.findIndex(({ file, function: name }) =>
    EVALUATES.some(([inFile, inName]) => inFile.test(file) && inName.test(name)),
  );
  return since.slice(0, Math.max(0, call)).findLast((frame) => ownerOf(frame) !== "runtime");
}

/** The first frame that is neither the runtime's nor this kit's, or undefined. */
export function firstOwned(frames: readonly Frame[]): Frame | undefined {
  return frames.find((frame) => !["runtime", "testkit"].includes(ownerOf(frame)));
}

/** The frames of the program under test. */
export function appFrames(frames: readonly Frame[]): readonly Frame[] {
  return frames.filter((frame) => ownerOf(frame) === "app");
}
