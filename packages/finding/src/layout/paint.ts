/** Colours of a terminal, or none. */

/** What a piece of text means; how it looks follows from it. */
export type Style =
  | "plain"
  | "strong"
  | "quiet"
  | "path"
  | "code"
  | "good"
  | "critical"
  | "high"
  | "medium"
  | "low";

/** Select Graphic Rendition parameters, ECMA-48 §8.3.117; the 16 colours that follow the reader's own theme. */
const PARAMETERS: Readonly<Record<Style, string>> = {
  plain: "",
  strong: "1",
  quiet: "2",
  path: "36",
  code: "32",
  good: "1;32",
  critical: "1;31",
  high: "31",
  medium: "33",
  low: "34",
};

/** Colours text, or leaves it as it is. Neither changes how many columns it takes. */
export interface Painter {
  text(text: string, style: Style): string;
  /** A label on a ground of its own colour. */
  badge(label: string, style: Style): string;
}

const PLAIN: Painter = { text: (text) => text, badge: (label) => label };

const COLOURED: Painter = {
  text: (text, style) => (text === "" ? "" : escape(PARAMETERS[style], text)),
  badge: (label, style) => escape(`7;${PARAMETERS[style]}`, label),
};

function escape(parameters: string, text: string): string {
  return parameters === "" ? text : `\u001b[${parameters}m${text}\u001b[0m`;
}

/** The painter for a terminal that shows colours, or for anything else. */
export function createPainter(colour: "always" | "never"): Painter {
  return colour === "always" ? COLOURED : PLAIN;
}
