/**
 * Reads what a blocked goroutine waits for from the line of source that it stands at: the cases of a `select`,
 * the channel of a `range`, the operand of a receive. A dump names the line and not the channel.
 */
import { enclosingFunction } from "../stack/function-name.ts";
import { channelKindOf, type ChannelKind } from "./channel-kind.ts";
import { readGoLines } from "./go-text.ts";

/** One channel that a statement receives from. */
export interface Awaited {
  /** As it is written, e.g. `ticker.C`. */
  readonly expression: string;
  readonly kind: ChannelKind;
}

/** A select of more lines than this is not read. */
const SELECT_LINES_MAX = 400;

/**
 * What the statement at a line receives from; empty when the line holds no receive or is not inside the
 * function: then the file is not the one that was built.
 *
 * @param text the source file
 * @param line 1 is the first
 * @param functionName symbol name of the frame at that line
 */
export function readWaitStatement(
  text: string,
  line: number,
  functionName: string,
): readonly Awaited[] {
  const lines = readGoLines(text);
  const statement = lines[line - 1];
  if (statement === undefined || !isInside(functionName, lines, line)) return [];
  const expressions = /\bselect\s*\{/.test(statement)
    ? readCases(lines, line)
    : readReceives(statement);
  return expressions.map((expression) => ({
    expression,
    kind: channelKindOf(expression, lines, line),
  }));
}

/** Whether the function that is declared around a line is the frame's. */
export function isInside(functionName: string, lines: readonly string[], line: number): boolean {
  const name = enclosingFunction(functionName).split(".").at(-1) ?? "";
  const declaration = lines[enclosingDeclaration(lines, line)];
  const declared = /^func\s*(?:\([^)]*\)\s*)?(\w+)/.exec(declaration ?? "")?.[1];
  if (declared !== undefined) return declared === name;
  // Closures of package variables are written outside any function.
  return name === "init" || name.startsWith("glob");
}

/** Index of the nearest line at or above a line (1 first) that declares a function; -1 without any. */
export function enclosingDeclaration(lines: readonly string[], line: number): number {
  return lines.slice(0, line).findLastIndex((text) => /^func\b/.test(text));
}

function readCases(lines: readonly string[], line: number): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  for (const text of lines.slice(line - 1, line - 1 + SELECT_LINES_MAX)) {
    const isOwnCase = depth === 1 && /^\s*case\b/.test(text);
    if (isOwnCase) found.push(...readReceives(text));
    for (const character of text.slice(depth === 0 ? text.search(/\bselect\b/) : 0)) {
      if (character === "{") depth++;
      else if (character === "}") depth--;
      if (depth === 0 && character === "}") return found;
    }
  }
  return [];
}

/** Operands of `<-` and of `range` on one line. */
export function readReceives(text: string): readonly string[] {
  const ranged = /\brange\s+([^{]+?)\s*\{/.exec(text)?.[1];
  if (ranged !== undefined && !ranged.includes("<-")) return [ranged];
  const found: string[] = [];
  for (const { index } of text.matchAll(/<-/g)) {
    const rest = text.slice(index + 2);
    if (isSend(text.slice(0, index)) || /^\s*chan\b/.test(rest)) continue;
    found.push(readOperand(rest.trimStart()));
  }
  return found.filter((operand) => operand !== "");
}

/** `ch <- v` has an operand before the arrow, `case <-ch` a keyword. */
function isSend(before: string): boolean {
  const word = /([\w)\]]+)\s*$/.exec(before)?.[1];
  return word !== undefined && !/^(?:case|return|range|if|for|switch|go|defer)$/.test(word);
}

/** A primary expression: names, selectors, and calls with balanced parentheses. */
function readOperand(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "(" || character === "[") depth++;
    else if (character === ")" || character === "]") depth--;
    const isEnd = depth < 0 || (depth === 0 && /[\s:;,{}=+]/.test(character));
    if (isEnd) return text.slice(0, at).trim();
  }
  return text.trim();
}
