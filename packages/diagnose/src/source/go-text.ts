/** Go source text without what only looks like code: comments and the contents of strings become blanks, line by line. */

/** Comments, interpreted strings, raw strings and runes. */
const SKIPPED = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])+'/g;

/** The lines of a file, line 1 first. Lengths and line breaks stay as they are. */
export function readGoLines(text: string): readonly string[] {
  return text.replace(SKIPPED, (found) => found.replaceAll(/[^\n]/g, " ")).split("\n");
}
