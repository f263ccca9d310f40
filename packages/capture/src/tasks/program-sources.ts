/** Calls of a whole program: of every file that its process runs and that is its own. */
import { readFile, stat } from "node:fs/promises";
import { stripTypes, TYPED } from "./running-source.ts";
import { type NamedFunction, readScriptCalls, type ScriptCall } from "./script-calls.ts";

const FILES_MAX = 300;
const FILE_BYTES_MAX = 2 * 1024 * 1024;
/** What was made from another file: its lines mean nothing to a reader. */
const MAPPED = /^\/\/[#@] ?sourceMappingURL=/m;

/** A call with its file. */
export interface ProgramCall extends ScriptCall {
  readonly file: string;
}

/** Functions and calls of the program's own files. */
export interface ProgramSources {
  readonly calls: readonly ProgramCall[];
  /** Functions with a name that a line stands in, outermost first. */
  functionsAt(file: string, line: number): readonly NamedFunction[];
}

/** What was read of files once; a file stays as it was when its process started. */
export type SourceMemory = Map<string, Promise<ReturnType<typeof readScriptCalls>>>;

/**
 * Reads the program's own files among those that a process runs: no dependency's and no part of Node, and none that
 * was written since `startedMs`, milliseconds since 1970.
 */
export async function readProgramSources(
  files: readonly string[],
  { startedMs, memory }: { readonly startedMs: number; readonly memory: SourceMemory },
): Promise<ProgramSources> {
  const own = files
    .filter((file) => file.startsWith("/") && !file.includes("/node_modules/"))
    .slice(0, FILES_MAX);
  const calls: ProgramCall[] = [];
  const functions = new Map<string, readonly NamedFunction[]>();
  for (const file of own) {
    const reading = memory.get(file) ?? readOne(file, startedMs).catch(() => undefined);
    memory.set(file, reading);
    const script = await reading;
    if (script === undefined) continue;
    functions.set(file, script.functions);
    for (const call of script.calls) calls.push(Object.assign({ file }, call));
  }
  return {
    calls,
    functionsAt: (file, line) =>
      (functions.get(file) ?? [])
        .filter(({ startLine, endLine }) => startLine <= line && line <= endLine)
        .toSorted((a, b) => b.endLine - b.startLine - (a.endLine - a.startLine)),
  };
}

async function readOne(
  file: string,
  startedMs: number,
): Promise<ReturnType<typeof readScriptCalls>> {
  const { size, mtimeMs } = await stat(file);
  if (size > FILE_BYTES_MAX || mtimeMs > startedMs) return undefined;
  const written = await readFile(file, "utf8");
  if (MAPPED.test(written)) return undefined;
  const source = TYPED.test(file) ? stripTypes(written) : written;
  return source === undefined ? undefined : readScriptCalls(source);
}
