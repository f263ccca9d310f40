/**
 * Text from a process that may be hostile. Function names, labels and wait reasons
 * reach terminals, web pages and chat channels, so nothing in them may act: no escape
 * sequence, no line break, no reordering of what a person reads.
 */

/**
 * Controls, formatting that is invisible or turns the text around (Unicode's Cc and Cf), line
 * separators, and the code points that are kept for more of it.
 */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2065\u{e0000}-\u{e007f}]/gu;

/** Well-formed text in which every character that would act stands as what `show` makes of it. */
export function replaceActive(text: string, show: (character: string) => string): string {
  return text.toWellFormed().replaceAll(ACTIVE, show);
}

/**
 * One line of inert text: every control becomes a visible escape (`\x1b`, `\u202e`),
 * tabs and line breaks a space, a lone surrogate U+FFFD.
 */
export function inertLine(text: string): string {
  return replaceActive(text.replaceAll(/[\t\n\r\v\f]+/g, " "), visibleEscape);
}

/** Lines of inert code: like {@link inertLine} a line, with tabs as four spaces and no trailing space. */
export function inertLines(code: string): string[] {
  return code
    .trimEnd()
    .split(/\r\n|\n|\r/)
    .map((line) => inertLine(line.replaceAll("\t", "    ")).trimEnd());
}

function visibleEscape(character: string): string {
  const codePoint = character.codePointAt(0) as number;
  if (codePoint < 0x100) return `\\x${codePoint.toString(16).padStart(2, "0")}`;
  if (codePoint < 0x10000) return `\\u${codePoint.toString(16).padStart(4, "0")}`;
  return `\\u{${codePoint.toString(16)}}`;
}

const ASCII_PUNCTUATION: Readonly<Record<string, string>> = {
  "·": "-",
  "—": "--",
  "–": "-",
  "…": "...",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "×": "x",
  "→": "->",
  "←": "<-",
  "≥": ">=",
  "≤": "<=",
  "≈": "~",
  "−": "-",
  µ: "u",
  μ: "u",
  "\u00a0": " ",
  "\u202f": " ",
};

/** The text in ASCII, for terminals that show nothing else: punctuation is rewritten, the rest escaped. */
export function toAscii(text: string): string {
  return text.replaceAll(
    /[^\u0000-\u007f]/gu, // oxlint-disable-line no-control-regex
    (character) => ASCII_PUNCTUATION[character] ?? visibleEscape(character),
  );
}
