/** Text into markup: function names come from whoever wrote the program. */
import { replaceActive } from "@watertight/finding/safe-text";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Noncharacters, which no XML 1.0 document may hold. Other controls are made visible before. */
const UNPRINTABLE = /[\ufffe\uffff]/g;

/**
 * A name as it is read: what would act or reorder the text beside it (an escape sequence, a bidirectional mark)
 * becomes a visible escape such as `\u202e`. Tabs and line breaks stay: markup has room for them.
 */
export function showControls(text: string): string {
  return replaceActive(text, (character) => {
    if (/[\t\n\r]/.test(character)) return character;
    const code = (character.codePointAt(0) as number).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** Safe as text and inside quoted attributes, in HTML and XML alike. */
export function escapeMarkup(text: string): string {
  return showControls(text)
    .replace(UNPRINTABLE, "\ufffd")
    .replace(/[&<>"']/g, (found) => ENTITIES[found]!);
}

/** JSON that may stand inside a `<script type="application/json">`. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
