/** Text to lines of a given number of terminal columns. */
import { eastAsianWidth } from "get-east-asian-width";

/** How many columns a terminal needs for one line of inert text. */
export function displayWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (/^[\p{Mn}\p{Me}]$/u.test(character)) return 0;
  return eastAsianWidth(character.codePointAt(0) as number);
}

/**
 * Breaks a text into lines of at most `columns`: at spaces, and inside a word that is
 * longer than a line after `/`, `.`, `,`, `(` or `)` where possible. A word like
 * `client.go:88` that ends in a line number is never broken: a terminal makes it clickable.
 */
export function wrapText(text: string, columns: number): string[] {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = breakWord(word, width);
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  if (line !== "") lines.push(line);
  return lines;
}

/** Whether a word names a line of a file, e.g. `internal/pricing/client.go:88`. */
export function isFileLine(word: string): boolean {
  return /\.\w+:\d+[.,;)]?$/.test(word);
}

function breakWord(word: string, width: number): string[] {
  if (displayWidth(word) <= width || isFileLine(word)) return [word];
  const lines: string[] = [];
  let rest = word;
  while (displayWidth(rest) > width) {
    const head = takeColumns(rest, width);
    const at = Math.max(...["/", ".", ",", "(", ")"].map((mark) => head.lastIndexOf(mark)));
    const cut = at >= head.length / 2 ? head.slice(0, at + 1) : head;
    lines.push(cut);
    rest = rest.slice(cut.length);
  }
  return rest === "" ? lines : [...lines, rest];
}

/** The longest start of a text that fits, at least one character. */
export function takeColumns(text: string, columns: number): string {
  let width = 0;
  let taken = "";
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns && taken !== "") break;
    taken += character;
  }
  return taken;
}
