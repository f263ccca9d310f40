/** A sheet of lines with a margin, labels and bars, as wide as the terminal. */
import { toAscii } from "../safe-text.ts";
import type { Painter, Style } from "./paint.ts";
import { displayWidth, takeColumns, wrapText } from "./wrap.ts";

/** Columns that a label takes, with the space after it. */
const LABEL_COLUMNS = 13;

export interface WriteOptions {
  /** Put before the first line; the lines are aligned after it. An empty label aligns only. */
  readonly label?: string;
  readonly style?: Style;
  /** Extra columns before each line, for a badge or a nested line. */
  readonly hang?: number;
}

export interface Piece {
  readonly text: string;
  readonly style: Style;
}

export interface SheetOptions {
  readonly columns: number;
  readonly charset: "unicode" | "ascii";
  readonly painter: Painter;
}

interface Margin {
  readonly plain: string;
  readonly painted: string;
}

/** Lines under a margin of one column. {@link Sheet.indented} gives the same lines a wider one. */
export class Sheet {
  readonly #lines: string[];
  readonly #options: SheetOptions;
  readonly #margin: Margin;

  constructor(
    options: SheetOptions,
    lines: string[] = [],
    margin: Margin = { plain: " ", painted: " " },
  ) {
    this.#lines = lines;
    this.#options = options;
    this.#margin = margin;
  }

  /** A paragraph, wrapped. */
  write(text: string, options: WriteOptions = {}): void {
    const style = options.style ?? "plain";
    for (const [index, line] of wrapText(this.#show(text), this.#room(options)).entries()) {
      this.#put(this.#lead(options, index) + this.#options.painter.text(line, style));
    }
  }

  /** Pieces joined by dots, broken between pieces where possible. */
  flow(pieces: readonly Piece[]): void {
    const { painter } = this.#options;
    const separator = this.#show(" · ");
    const shown = pieces.map(({ text, style }) => ({ text: this.#show(text), style }));
    for (const row of flowRows(shown, this.#room({}), separator.length)) {
      const painted = row.map(({ text, style }) => painter.text(text, style));
      this.#put(painted.join(painter.text(separator, "quiet")));
    }
  }

  /** A badge and a title that wraps beside it. */
  titled(badge: string, title: string, style: Style): void {
    const { painter } = this.#options;
    const label = ` ${this.#show(badge)} `;
    const hang = label.length + 1;
    for (const [index, line] of wrapText(this.#show(title), this.#room({ hang })).entries()) {
      const before = index === 0 ? `${painter.badge(label, style)} ` : " ".repeat(hang);
      this.#put(before + painter.text(line, "strong"));
    }
  }

  /** A line of code, below the labels. What is too long goes on further in, from a space on where there is one. */
  code(line: string): void {
    let rest = this.#show(line);
    const indent = `${/^\s*/.exec(rest)?.[0] ?? ""}    `;
    const hang = indent.length * 2 > this.#room({ label: "" }) ? "" : indent;
    for (let isFirst = true; isFirst || rest !== ""; isFirst = false) {
      const text = isFirst ? rest : hang + rest;
      const head = cutCode(text, takeColumns(text, this.#room({ label: "" })).length);
      this.#put(" ".repeat(LABEL_COLUMNS) + this.#options.painter.text(head, "code"));
      rest = text.slice(head.length).trimStart();
    }
  }

  /** An empty line; two in a row are one. */
  blank(): void {
    const line = this.#margin.painted.trimEnd();
    if (this.#lines.at(-1) !== line) this.#lines.push(line);
  }

  /** The same sheet, beside a bar of that style. */
  indented(style: Style): Sheet {
    const bar = this.#options.charset === "ascii" ? "|" : "▌";
    return new Sheet(this.#options, this.#lines, {
      plain: `${this.#margin.plain}${bar} `,
      painted: `${this.#margin.painted}${this.#options.painter.text(bar, style)} `,
    });
  }

  /** All lines, each ending in `\n`. */
  text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  #show(text: string): string {
    return this.#options.charset === "ascii" ? toAscii(text) : text;
  }

  #put(painted: string): void {
    this.#lines.push((this.#margin.painted + painted).trimEnd());
  }

  #room(options: WriteOptions): number {
    const label = options.label === undefined ? 0 : LABEL_COLUMNS;
    const taken = displayWidth(this.#margin.plain) + label + (options.hang ?? 0);
    return Math.max(8, this.#options.columns - taken);
  }

  #lead(options: WriteOptions, lineIndex: number): string {
    const hang = " ".repeat(options.hang ?? 0);
    if (options.label === undefined) return hang;
    const label = lineIndex === 0 ? this.#show(options.label) : "";
    const gap = " ".repeat(Math.max(1, LABEL_COLUMNS - label.length));
    return this.#options.painter.text(label, "quiet") + gap + hang;
  }
}

function flowRows(pieces: readonly Piece[], columns: number, separator: number): Piece[][] {
  const rows: Piece[][] = [];
  let row: Piece[] = [];
  let used = 0;
  for (const piece of pieces.flatMap((whole) => splitPiece(whole, columns))) {
    const width = displayWidth(piece.text);
    if (row.length > 0 && used + separator + width > columns) {
      rows.push(row);
      row = [];
      used = 0;
    }
    used += width + (row.length > 0 ? separator : 0);
    row.push(piece);
  }
  return row.length > 0 ? [...rows, row] : rows;
}

function splitPiece(piece: Piece, columns: number): Piece[] {
  if (displayWidth(piece.text) <= columns) return [piece];
  return wrapText(piece.text, columns).map((text) => ({ text, style: piece.style }));
}

/** The part of a line of code that comes before a break: at a space, unless what is before it is next to nothing. */
function cutCode(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const indent = text.length - text.trimStart().length;
  const space = text.lastIndexOf(" ", lengthMax);
  const isUseful = space > indent + (lengthMax - indent) / 3;
  return text.slice(0, isUseful ? space : lengthMax);
}
