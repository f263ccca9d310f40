/** Text into markup: function names come from whoever wrote the program. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Characters that no XML 1.0 document may hold, lone surrogates included. */
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Safe as text and inside quoted attributes, in HTML and XML alike. */
export function escapeMarkup(text: string): string {
  return text.replace(UNPRINTABLE, "\ufffd").replace(/[&<>"']/g, (found) => ENTITIES[found]!);
}

/** JSON that may stand inside a `<script type="application/json">`. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
