/**
 * Where the functions of a script can be suspended, read from its source. V8 is slow to say at
 * which await a function stands; one that has a single await can stand nowhere else.
 */
import { type Node, parse } from "acorn";

/** A place in a script. Both are 1-based. */
export interface ScriptPlace {
  readonly line: number;
  readonly column: number;
}

/** The functions of one script. */
export interface SuspensionPoints {
  /**
   * The one place at which a function can be suspended; undefined where there are several,
   * where the function is not found and at the top level of a module.
   *
   * @param start where V8 says that the function starts: its parameters, or `async`
   */
  singlePlaceOf(start: ScriptPlace): ScriptPlace | undefined;
}

interface FunctionSpan {
  readonly start: number;
  readonly end: number;
  readonly awaits: ScriptPlace[];
  /** Whether it can also be suspended where no await is written, or more than once at one. */
  hasHiddenPoints: boolean;
}

/**
 * Reads a script. Answers undefined for what is not JavaScript, TypeScript included.
 *
 * @param source the text that runs, not what it was compiled from
 */
export function readSuspensionPoints(source: string): SuspensionPoints | undefined {
  const program = parseScript(source);
  if (!program) return undefined;
  const spans = listFunctions(program);
  const lineStarts = listLineStarts(source);
  return {
    singlePlaceOf(start) {
      const lineStart = lineStarts[start.line - 1];
      if (lineStart === undefined) return undefined;
      const offset = lineStart + start.column - 1;
      // A module's own start is not told from that of a function that it begins with.
      if (offset === 0) return undefined;
      const span = innermost(spans, offset);
      return span && !span.hasHiddenPoints && span.awaits.length === 1 ? span.awaits[0] : undefined;
    },
  };
}

function parseScript(source: string): Node | undefined {
  for (const sourceType of ["module", "commonjs"] as const) {
    try {
      return parse(source, {
        sourceType,
        ecmaVersion: "latest",
        locations: true,
        allowHashBang: true,
      });
    } catch {
      // Not of this kind.
    }
  }
  return undefined;
}

/** The functions of a tree (ESTree), outer ones before those within. */
function listFunctions(program: Node): readonly FunctionSpan[] {
  const spans: FunctionSpan[] = [];
  const open: { readonly node: Node; readonly within: FunctionSpan | undefined }[] = [
    { node: program, within: undefined },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node } = next;
    const within = isFunction(node) ? openSpan(node) : next.within;
    if (within !== next.within) spans.push(within as FunctionSpan);
    if (within) note(node, within);
    for (const value of Object.values(node) as unknown[]) {
      if (isNode(value)) open.push({ node: value, within });
      else if (Array.isArray(value))
        for (const item of value) if (isNode(item)) open.push({ node: item, within });
    }
  }
  return spans.sort((a, b) => a.start - b.start || b.end - a.end);
}

function openSpan(node: Node): FunctionSpan {
  return { start: node.start, end: node.end, awaits: [], hasHiddenPoints: isGenerator(node) };
}

function note(node: Node, span: FunctionSpan): void {
  if (suspendsUnwritten(node)) span.hasHiddenPoints = true;
  if (node.type !== "AwaitExpression" || !node.loc) return;
  span.awaits.push({ line: node.loc.start.line, column: node.loc.start.column + 1 });
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type);
}

function isGenerator(node: Node): boolean {
  return (node as Node & { readonly generator?: boolean }).generator === true;
}

/** `for await` waits for the next value and for the end; `await using` at the end of its block. */
function suspendsUnwritten(node: Node): boolean {
  if (node.type === "ForOfStatement") {
    return (node as Node & { readonly await?: boolean }).await === true;
  }
  return (
    node.type === "VariableDeclaration" &&
    (node as Node & { readonly kind?: string }).kind === "await using"
  );
}

/** The shortest span that holds an offset. Spans are sorted and nested, never crossing. */
function innermost(spans: readonly FunctionSpan[], offset: number): FunctionSpan | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle] as FunctionSpan).start <= offset) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= 0; at--) {
    const span = spans[at] as FunctionSpan;
    if (span.end > offset) return span;
  }
  return undefined;
}

/** Offsets at which lines start, by the line ends of ECMAScript. */
function listLineStarts(source: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: end } of source.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    starts.push(index + end.length);
  }
  return starts;
}
