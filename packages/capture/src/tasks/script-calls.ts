/** Who calls whom in one script, read from its source: names, as the text has them. */
import { parse } from "acorn";
import { nameOf, pathOf, ScriptImports, type Tree } from "./script-imports.ts";

/** A function or class with a name. Lines and columns are 1-based. */
export interface NamedFunction {
  readonly name: string;
  readonly kind: "function" | "method" | "class";
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  /** Of its last character. */
  readonly endColumn: number;
}

/** A call, a `new`, or a function that is handed to a call. */
export interface ScriptCall {
  /** What is called, without what it is a property of. */
  readonly name: string;
  readonly kind: "function" | "method" | "class" | "argument";
  /** Module and export that the name was imported from, e.g. `child_process` and `spawn`. */
  readonly imported: { readonly module: string; readonly name: string } | undefined;
  readonly line: number;
  readonly column: number;
  /** The first argument, where that is a text, e.g. the event that is listened to. */
  readonly text: string | undefined;
  /** Functions with a name that the call stands in, innermost last. */
  readonly within: readonly NamedFunction[];
  /** False at the top level of the script. */
  readonly isInFunction: boolean;
}

/** What one script says. */
export interface ScriptCalls {
  readonly functions: readonly NamedFunction[];
  readonly calls: readonly ScriptCall[];
}

interface Open {
  readonly node: Tree;
  readonly parent: Tree | undefined;
  readonly within: readonly NamedFunction[];
  readonly isInFunction: boolean;
}

/** Nodes of one script; a larger one is not read on. */
const NODES_MAX = 2_000_000;

/** Reads a script; undefined for what is not JavaScript. */
export function readScriptCalls(source: string): ScriptCalls | undefined {
  const program = parseScript(source);
  if (program === undefined) return undefined;
  const functions: NamedFunction[] = [];
  const calls: ReadCall[] = [];
  const imports = new ScriptImports();
  const open: Open[] = [{ node: program, parent: undefined, within: [], isInFunction: false }];
  for (let at = 0; at < open.length && at < NODES_MAX; at++) {
    const next = open[at] as Open;
    const { node } = next;
    imports.note(node);
    const named = nameFunction(next);
    if (named !== undefined) functions.push(named);
    const inner = {
      within: named === undefined ? next.within : [...next.within, named],
      isInFunction: next.isInFunction || FUNCTIONS.has(node.type),
    };
    calls.push(...readCalls(node, inner));
    for (const child of childrenOf(node)) open.push({ node: child, parent: node, ...inner });
  }
  const told = calls.map(({ path, call }) => Object.assign(call, { imported: imports.find(path) }));
  return { functions, calls: told };
}

function parseScript(source: string): Tree | undefined {
  for (const sourceType of ["module", "commonjs"] as const) {
    try {
      const options = { sourceType, ecmaVersion: "latest", locations: true } as const;
      return parse(source, { ...options, allowHashBang: true }) as unknown as Tree;
    } catch {
      // Not of this kind.
    }
  }
  return undefined;
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);
const CLASSES: ReadonlySet<string> = new Set(["ClassDeclaration", "ClassExpression"]);

function nameFunction({ node, parent }: Open): NamedFunction | undefined {
  const isClass = CLASSES.has(node.type);
  if (!isClass && !FUNCTIONS.has(node.type)) return undefined;
  const own = nameOf(node["id"]) ?? nameFrom(parent, node);
  if (own === undefined || node.loc == null) return undefined;
  const isMethod = parent !== undefined && MEMBERS.has(parent.type);
  return {
    name: own,
    kind: isClass ? "class" : isMethod ? "method" : "function",
    startLine: node.loc.start.line,
    startColumn: node.loc.start.column + 1,
    endLine: node.loc.end.line,
    endColumn: node.loc.end.column,
  };
}

const MEMBERS: ReadonlySet<string> = new Set([
  "MethodDefinition",
  "PropertyDefinition",
  "Property",
]);

/** The variable, the property or the member that a function is given to. */
function nameFrom(parent: Tree | undefined, node: Tree): string | undefined {
  if (parent === undefined) return undefined;
  if (parent.type === "VariableDeclarator") return nameOf(parent["id"]);
  if (MEMBERS.has(parent.type) && parent["value"] === node) return nameOf(parent["key"]);
  if (parent.type === "AssignmentExpression") return propertyOf(parent["left"])?.name;
  return undefined;
}

/** Until all imports are known, a call says by what names it gets to what it calls. */
interface ReadCall {
  readonly call: Omit<ScriptCall, "imported">;
  readonly path: readonly string[];
}

function readCalls(
  node: Tree,
  inside: Pick<ScriptCall, "within" | "isInFunction">,
): readonly ReadCall[] {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return [];
  const callee = propertyOf(node["callee"]);
  const calls: ReadCall[] = [];
  const literal = (node["arguments"] as readonly Tree[])[0]?.["value"];
  const text = typeof literal === "string" ? literal : undefined;
  const base = { ...inside, text };
  if (callee !== undefined) {
    const isNew = node.type === "NewExpression";
    const kind = isNew ? "class" : callee.isMember ? "method" : "function";
    const { name, line, column, path } = callee;
    calls.push({ call: { ...base, kind, name, line, column }, path });
  }
  for (const argument of node["arguments"] as readonly Tree[]) {
    const given = propertyOf(argument);
    if (given === undefined || given.name === "undefined") continue;
    const { name, line, column } = given;
    calls.push({ call: { ...base, kind: "argument", name, line, column }, path: [] });
  }
  return calls;
}

interface Property {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly isMember: boolean;
  /** Names from a variable on; empty where it does not begin with one. */
  readonly path: readonly string[];
}

/** `spawn`, `http.get` or `this.#socket.write`. */
function propertyOf(value: unknown): Property | undefined {
  const node = value as Tree | undefined;
  const at = placeOf(node);
  const path = pathOf(node);
  if (node?.type === "Identifier")
    return { name: nameOf(node) ?? "", ...at, isMember: false, path };
  if (node?.type === "ChainExpression") return propertyOf(node["expression"]);
  if (node?.type !== "MemberExpression") return undefined;
  const property = node["property"] as Tree;
  const name = node["computed"] === true ? undefined : nameOf(property);
  return name === undefined ? undefined : { name, ...placeOf(property), isMember: true, path };
}

function placeOf(node: Tree | undefined): Pick<Property, "line" | "column"> {
  const start = node?.loc?.start;
  return { line: start?.line ?? 0, column: (start?.column ?? -1) + 1 };
}

function* childrenOf(node: Tree): Generator<Tree, void, undefined> {
  for (const value of Object.values(node)) {
    if (isNode(value)) yield value;
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) yield item;
  }
}

function isNode(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
