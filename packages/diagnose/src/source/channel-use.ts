/** What a function does with a channel that is a field, by its source: who sends on it, who receives from it. */
import { enclosingDeclaration, isInside, readReceives } from "./wait-statement.ts";
import { readGoLines } from "./go-text.ts";

/** One plain send, `hub.events <- event`. */
export interface Send {
  /** As it is written, e.g. `hub.events`. */
  readonly channel: string;
  readonly value: string;
}

/** The field that an expression ends in: `events` for `c.hub.events`; undefined for anything else. */
export function fieldOf(expression: string): string | undefined {
  return /^[\w.()[\]]+\.(\w+)$/.exec(expression.trim())?.[1];
}

/** The send that a line consists of; undefined when it is none, or not inside the function. */
export function readSend(text: string, line: number, functionName: string): Send | undefined {
  const lines = readGoLines(text);
  const statement = lines[line - 1];
  if (statement === undefined || !isInside(functionName, lines, line)) return undefined;
  const [, channel, value] =
    /^\s*(?:case\s+)?([\w.()[\]]+)\s*<-\s*(.*?)\s*:?$/.exec(statement) ?? [];
  return channel === undefined || value === undefined ? undefined : { channel, value };
}

/** Whether the function around a line receives from a field of that name (`send` false), or sends on or closes it. */
export function usesField(
  text: string,
  line: number,
  { field, use }: { readonly field: string; readonly use: "receive" | "send" },
): boolean {
  const lines = readGoLines(text);
  const start = enclosingDeclaration(lines, line);
  if (start < 0) return false;
  const end = lines.findIndex((row, at) => at >= line - 1 && row.startsWith("}"));
  const body = lines.slice(start, end < 0 ? undefined : end);
  if (use === "receive")
    return body.some((row) => readReceives(row).some((operand) => fieldOf(operand) === field));
  const sends = new RegExp(String.raw`\.${field}\s*<-|\bclose\([\w.]*\.${field}\)`);
  return body.some((row) => sends.test(row));
}
