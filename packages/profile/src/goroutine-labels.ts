/**
 * pprof labels as text, in both spellings: `k: v, "q k": "q v"` (`debug=2`, Go 1.26 on) and
 * `"k":"v", "k2":"v2"` (`debug=1`).
 */

export type Labels = Readonly<Record<string, string>>;

const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s:,"{}]+/y;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/g;
const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function unescapeGo(quoted: string): string {
  if (!quoted.startsWith('"')) return quoted;
  return quoted
    .slice(1, -1)
    .replace(
      ESCAPE,
      (_, byte?: string, short?: string, long?: string, octal?: string, named?: string) => {
        const code = byte ?? short ?? long;
        if (code !== undefined) {
          const point = Number.parseInt(code, 16);
          const isLoneByte = byte !== undefined && point >= 0x80;
          return isLoneByte || point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
        }
        if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
        return NAMED_ESCAPES[named as string] ?? (named as string);
      },
    );
}

/**
 * Reads the text between the braces into pairs, sorted by key (as the runtime prints them).
 * Undefined when the text is no label list.
 */
export function parseLabels(text: string): readonly (readonly [string, string])[] | undefined {
  const pairs: [string, string][] = [];
  let at = 0;
  const token = (): string | undefined => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  while (at < text.length) {
    // An empty text is printed as nothing at all: the runtime only quotes what needs quoting.
    const key = token() ?? "";
    if (text[at] !== ":") return undefined;
    at += text[at + 1] === " " ? 2 : 1;
    const value = token() ?? "";
    pairs.push([unescapeGo(key), unescapeGo(value)]);
    if (at >= text.length) break;
    if (!text.startsWith(", ", at)) return undefined;
    at += 2;
  }
  return pairs.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

function hasControl(text: string): boolean {
  return /[^\x20-\x7e]|["\\]/.test(text);
}

/** Quotes as the runtime does: what is not printable ASCII is escaped. */
export function quoteGo(text: string): string {
  if (!hasControl(text)) return `"${text}"`;
  let quoted = "";
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (character === "\n") quoted += "\\n";
    else if (character === "\r") quoted += "\\r";
    else if (character === "\t") quoted += "\\t";
    else if (character === '"' || character === "\\") quoted += `\\${character}`;
    else if (code >= 0x20 && code <= 0x7e) quoted += character;
    else if (code < 0x7f) quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) quoted += `\\u${code.toString(16).padStart(4, "0")}`;
    else quoted += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `"${quoted}"`;
}
