/** A script's calls and functions where they were written: a compiler moves lines, a bundler joins files. */
import type { NamedFunction, ScriptCall, ScriptCalls } from "./script-calls.ts";
import type { WrittenFile, WrittenPlace } from "./source-maps.ts";

/** By file. What the source map does not know, the compiler's own helpers among it, is left out. */
export function toWrittenScripts(
  script: ScriptCalls,
  written: WrittenFile,
): ReadonlyMap<string, ScriptCalls> {
  const moved = new Map<NamedFunction, readonly [file: string, NamedFunction]>();
  for (const each of script.functions) {
    const found = moveFunction(each, written);
    if (found !== undefined) moved.set(each, found);
  }
  const functions = [...moved.values()];
  const calls = script.calls.flatMap((call) => moveCall(call, written, moved));
  const files = new Set([...functions, ...calls].map(([file]) => file));
  return new Map(
    [...files].map((file) => [
      file,
      { functions: listOf(functions, file), calls: listOf(calls, file) },
    ]),
  );
}

function moveFunction(
  each: NamedFunction,
  written: WrittenFile,
): readonly [file: string, NamedFunction] | undefined {
  const start = written.find(each.startLine, each.startColumn);
  if (start === undefined) return undefined;
  const endLine = findEnd(each, start, written);
  return [start.file, { ...each, startLine: start.line, startColumn: 0, endLine, endColumn: 0 }];
}

/** The end of a block often is in no map: the last line of it that is stands for it. */
function findEnd(
  { startLine, endLine, endColumn }: NamedFunction,
  start: WrittenPlace,
  written: WrittenFile,
): number {
  for (let line = endLine; line >= startLine; line--) {
    const at = written.find(line, line === endLine ? endColumn : 0);
    if (at?.file === start.file && at.line >= start.line) return at.line;
  }
  return start.line;
}

function moveCall(
  call: ScriptCall,
  written: WrittenFile,
  moved: ReadonlyMap<NamedFunction, readonly [file: string, NamedFunction]>,
): (readonly [file: string, ScriptCall])[] {
  const at = written.find(call.line, call.column);
  if (at === undefined) return [];
  const within = call.within.flatMap((each) => moved.get(each)?.[1] ?? []);
  return [[at.file, { ...call, within, line: at.line, column: 0 }]];
}

function listOf<T>(all: readonly (readonly [file: string, T])[], wanted: string): readonly T[] {
  return all.flatMap(([file, each]) => (file === wanted ? [each] : []));
}
