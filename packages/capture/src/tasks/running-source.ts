/**
 * The text of a script that runs, read from the file that it was loaded from. A file can have been
 * deployed over since, or have been transpiled on the way in: what is not surely what runs is not
 * answered.
 */
import { readFile, stat } from "node:fs/promises";
import nodeModule from "node:module";
import { pathToFileURL } from "node:url";
import type { ScriptText } from "@watertight/profile";

/** A file beyond is not read; a bundle of a large service is some megabytes. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** The header of V8's sequential strings on 64 bits without compressed pointers, as Node is built. */
const STRING_HEADER_BYTES = 16;
const COMMENT_OR_NOTHING = /^(?:\s*\/\/[^\n]*)?$/;
/** A file that Node strips of its types. */
export const TYPED: RegExp = /\.[cm]?ts$/;

/**
 * The source of a script, if the file still holds it.
 *
 * @param running what the heap knows of the text that runs
 * @param startedMs when the process started, milliseconds since 1970: what was written since may differ
 */
export async function readRunningSource(
  file: string,
  running: ScriptText,
  startedMs: number,
): Promise<string | undefined> {
  const { size, mtimeMs } = await stat(file);
  if (size > FILE_BYTES_MAX || mtimeMs > startedMs) return undefined;
  const written = (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  const candidates = TYPED.test(file) ? listStripped(written, file) : [written];
  return candidates.find((text) => isSame(text, running));
}

/**
 * Node replaces types by blanks and appends the name of the file, some versions twice. Empty
 * before Node 22.13.
 */
function listStripped(written: string, file: string): readonly string[] {
  const stripped = stripTypes(written);
  if (stripped === undefined) return [];
  const names = [file, pathToFileURL(file).href].map((name) => `\n\n//# sourceURL=${name}`);
  return ["", ...names, ...names.map((name) => name + name)].map((end) => stripped + end);
}

/**
 * The text with types replaced by blanks, so that lines stay; undefined for what Node cannot strip. Node warns that
 * this is experimental, on the standard error of whoever asks. Here nobody did.
 */
export function stripTypes(written: string): string | undefined {
  const emitWarning: unknown = Reflect.get(process, "emitWarning");
  Reflect.set(process, "emitWarning", () => {});
  try {
    return nodeModule.stripTypeScriptTypes?.(written);
  } catch {
    return undefined;
  } finally {
    Reflect.set(process, "emitWarning", emitWarning);
  }
}

function isSame(text: string, { start, selfBytes, tail }: ScriptText): boolean {
  if (!COMMENT_OR_NOTHING.test(tail)) return false;
  const isOneByte = !/[^\0-\xFF]/.test(text);
  const bytes = STRING_HEADER_BYTES + text.length * (isOneByte ? 1 : 2);
  return Math.ceil(bytes / 8) * 8 === selfBytes && text.startsWith(start);
}
