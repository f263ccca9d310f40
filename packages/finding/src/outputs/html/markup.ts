/** Building HTML text without a way to forget escaping: only {@link Markup} is put in as it is. */
import { inertLine } from "../../safe-text.ts";

const markup: unique symbol = Symbol("markup");

/** HTML that is already safe. */
export interface Markup {
  readonly [markup]: string;
}

type Part = string | number | Markup | undefined | readonly Part[];

/** A template whose strings are escaped and whose {@link Markup}, alone or in lists, is kept. */
export function safeHtml(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const text = template.map((fixed, index) => fixed + renderPart(parts[index])).join("");
  return { [markup]: text };
}

/** HTML of our own making, or of a caller who vouches for it. */
export function trusted(text: string): Markup {
  return { [markup]: text };
}

/** The text of a piece of markup. */
export function markupText(piece: Markup): string {
  return piece[markup];
}

function renderPart(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escapeHtml(inertLine(part));
  if (typeof part === "number") return String(part);
  if (isMarkup(part)) return part[markup];
  return part.map(renderPart).join("");
}

function isMarkup(part: Markup | readonly Part[]): part is Markup {
  return markup in part;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML text or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
