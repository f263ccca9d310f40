/** Calls of a whole program: of every file that its process runs and that is its own. */
import { readFile, stat } from "node:fs/promises";
import { stripTypes, TYPED } from "./running-source.ts";
import {
  type NamedFunction,
  readScriptCalls,
  type ScriptCall,
  type ScriptCalls,
} from "./script-calls.ts";
import { isGenerated, type SourceMaps } from "./source-maps.ts";
import { toWrittenScripts } from "./written-script.ts";

const FILES_MAX = 300;
const FILE_BYTES_MAX = 2 * 1024 * 1024;
/** What compilers and Babel call the helper that runs a generator for an async function. */
const LOWERED = /\b(?:__awaiter|_?asyncToGenerator|regeneratorRuntime)\b/;

/** A call with its file. */
export interface ProgramCall extends ScriptCall {
  readonly file: string;
}

/** Functions and calls of the program's own files. */
export interface ProgramSources {
  readonly calls: readonly ProgramCall[];
  /** Functions with a name that a line stands in, outermost first. */
  functionsAt(file: string, line: number): readonly NamedFunction[];
  /** Files whose async functions a compiler made into generators: a heap does not show where those wait. */
  readonly loweredFiles: number;
}

/** What files that run were made of, read once; a file stays as it was when its process started. */
export type SourceMemory = Map<string, Promise<WrittenScripts | undefined>>;

/** What one file that runs was made of. */
interface WrittenScripts {
  /** By the file that was written. */
  readonly scripts: ReadonlyMap<string, ScriptCalls>;
  readonly isLowered: boolean;
}

/** How sources are read. */
export interface SourceReading {
  /** Nothing that was written since counts; milliseconds since 1970. */
  readonly startedMs: number;
  readonly memory: SourceMemory;
  readonly maps: SourceMaps;
}

/**
 * Reads the program's own files among those that a process runs: no dependency's and no part of Node, and none that
 * was written since the process started.
 */
export async function readProgramSources(
  files: readonly string[],
  reading: SourceReading,
): Promise<ProgramSources> {
  const own = files.filter(isOwn).slice(0, FILES_MAX);
  const calls: ProgramCall[] = [];
  const functions = new Map<string, readonly NamedFunction[]>();
  let loweredFiles = 0;
  for (const file of own) {
    const scripts = reading.memory.get(file) ?? readOne(file, reading).catch(() => undefined);
    reading.memory.set(file, scripts);
    const read = await scripts;
    if (read?.isLowered === true) loweredFiles += 1;
    for (const [written, script] of read?.scripts ?? []) {
      if (!isOwn(written)) continue;
      functions.set(written, [...(functions.get(written) ?? []), ...script.functions]);
      for (const call of script.calls) calls.push(Object.assign({ file: written }, call));
    }
  }
  return {
    calls,
    loweredFiles,
    functionsAt: (file, line) =>
      (functions.get(file) ?? [])
        .filter(({ startLine, endLine }) => startLine <= line && line <= endLine)
        .toSorted((a, b) => b.endLine - b.startLine - (a.endLine - a.startLine)),
  };
}

function isOwn(file: string): boolean {
  return file.startsWith("/") && !file.includes("/node_modules/");
}

async function readOne(
  file: string,
  { startedMs, maps }: SourceReading,
): Promise<WrittenScripts | undefined> {
  const { size, mtimeMs } = await stat(file);
  if (size > FILE_BYTES_MAX || mtimeMs > startedMs) return undefined;
  const text = await readFile(file, "utf8");
  const source = TYPED.test(file) ? stripTypes(text) : text;
  const script = source === undefined ? undefined : readScriptCalls(source);
  if (script === undefined) return undefined;
  const isLowered = LOWERED.test(text);
  if (!isGenerated(text)) return { scripts: new Map([[file, script]]), isLowered };
  const written = await maps.read(file);
  const scripts = written ? toWrittenScripts(script, written) : new Map<string, ScriptCalls>();
  return { scripts, isLowered };
}
