/**
 * What a channel expression of Go source is: a ticker's, a timer's, a context's Done, or another one.
 * The API tells (`time.After`, `.C`, `Done()`), else the declaration in the same file: the element type of a timer's
 * channel is `time.Time`.
 */

/** What wakes whoever receives from a channel. */
export type ChannelKind = "ticker" | "timer" | "done" | "other";

const BY_EXPRESSION: readonly (readonly [RegExp, ChannelKind])[] = [
  [/^time\.Tick\(|^time\.NewTicker\(.*\)\.C$/s, "ticker"],
  [/^time\.After\(|^time\.NewTimer\(.*\)\.C$/s, "timer"],
  [/(?:^|\.)Done\(\)$/, "done"],
];

/** What stands to the right of a declaration, or of a parameter's or field's name. */
const BY_DECLARATION: readonly (readonly [RegExp, ChannelKind])[] = [
  [/^\*?time\.(?:NewTicker\(|Tick\(|Ticker\b)/, "ticker"],
  [/^\*?time\.(?:NewTimer\(|After\(|Timer\b)/, "timer"],
  [/^<-\s*chan\s+time\.Time\b/, "ticker"],
  [/^[\w.]*\.Done\(\)/, "done"],
  [/^(?:<-\s*)?chan\b|^make\(chan\b/, "other"],
];

/** Classifies one expression that line `line` (1 first) receives from. */
export function channelKindOf(
  expression: string,
  lines: readonly string[],
  line: number,
): ChannelKind {
  const bare = expression.trim().replace(/^\((.*)\)$/s, "$1");
  const known = BY_EXPRESSION.find(([pattern]) => pattern.test(bare))?.[1];
  if (known !== undefined) return known;
  const path = /^[\w.]+$/.test(bare) ? bare.split(".") : [];
  const isField = path.length > 1 && path.at(-1) === "C";
  const declared = declarationOf(isField ? path.at(-2) : path.at(-1), lines, line);
  // A field called C of something that another file declares: the time package's own way to hand out a channel.
  return declared ?? (isField && lines.some((text) => text.includes("time.")) ? "ticker" : "other");
}

/** The nearest declaration above the line decides, else the nearest below: fields may be declared anywhere. */
function declarationOf(
  name: string | undefined,
  lines: readonly string[],
  line: number,
): ChannelKind | undefined {
  if (name === undefined || name === "") return undefined;
  const declaration = new RegExp(
    String.raw`\b${name}\b(?:\s*,\s*\w+)*\s*(?::=|=(?!=)|:|\s)\s*&?([*<\w].*)`,
  );
  const above = lines.slice(0, line).toReversed();
  for (const text of [...above, ...lines.slice(line)]) {
    const right = declaration.exec(text)?.[1];
    const kind = BY_DECLARATION.find(([pattern]) => pattern.test(right ?? ""))?.[1];
    if (kind !== undefined) return kind;
  }
  return undefined;
}
