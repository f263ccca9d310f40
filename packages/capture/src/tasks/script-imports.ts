/** What a script calls by names that it imported, or that it gave to what it imported. */
import type { Node } from "acorn";

/** A node of a parsed script, with whatever its kind has. */
export type Tree = Node & Readonly<Record<string, unknown>>;

/** Module and export, e.g. `child_process` and `spawn`; `*` is all of a module. */
export interface Imported {
  readonly module: string;
  readonly name: string;
}

/** What a name stands for: a module, and the way from it. */
interface Origin {
  readonly module: string;
  readonly path: readonly string[];
}

/** A name for something else, e.g. `const openFile = promisify(fs.open)`. */
interface Alias {
  readonly local: string;
  readonly path: readonly string[];
}

/** Gathers the imports of one script, node by node. A name means the same in all of it. */
export class ScriptImports {
  readonly #origins = new Map<string, Origin>();
  #aliases: Alias[] = [];

  /** Reads an import or a declaration; other nodes say nothing. */
  note(node: Tree): void {
    if (node.type === "ImportDeclaration") this.#noteImport(node);
    else if (node.type === "VariableDeclarator") this.#noteDeclaration(node);
  }

  /** What a name, or a property of one, stands for: asked once all nodes were read. */
  find(path: readonly string[]): Imported | undefined {
    const origin = this.#originOf(path);
    if (origin === undefined) return undefined;
    const { module, path: way } = withPromises(origin);
    if (way.length === 0) return { module, name: "*" };
    // A property of something imported by name belongs to that module; what lies deeper can be anything.
    const isNear = way.length === 1 || (way.length === 2 && path.length === 2);
    return isNear ? { module, name: way.at(-1) as string } : undefined;
  }

  #originOf([variable = "", ...members]: readonly string[]): Origin | undefined {
    this.#followAliases();
    const from = this.#origins.get(variable);
    return from && { module: from.module, path: [...from.path, ...members] };
  }

  #noteImport(node: Tree): void {
    const module = moduleName(node["source"]);
    for (const specifier of node["specifiers"] as readonly Tree[]) {
      const local = nameOf(specifier["local"]);
      const name = nameOf(specifier["imported"]) ?? "default";
      const path = name === "default" ? [] : [name];
      if (local !== undefined) this.#origins.set(local, { module, path });
    }
  }

  #noteDeclaration(node: Tree): void {
    const value = node["init"] as Tree | null;
    if (value === null) return;
    const required = requiredOrigin(value);
    const aliased = aliasedPath(value);
    for (const { local, name } of listNames(node["id"] as Tree)) {
      if (required !== undefined) {
        const { module, path } = required;
        this.#origins.set(local, { module, path: [...path, ...name] });
      } else if (aliased.length > 0) {
        this.#aliases.push({ local, path: [...aliased, ...name] });
      }
    }
  }

  /** In the order of the text: a name can stand for one that stands for another. */
  #followAliases(): void {
    const aliases = this.#aliases;
    this.#aliases = [];
    for (const { local, path } of aliases) {
      const origin = this.#originOf(path);
      if (origin !== undefined && !this.#origins.has(local)) this.#origins.set(local, origin);
    }
  }
}

/** Modules of Node whose `promises` are a module as well. */
const WITH_PROMISES: ReadonlySet<string> = new Set(["fs", "dns", "timers", "stream", "readline"]);

/** `fs.promises.open` is `open` of `fs/promises`. */
function withPromises({ module, path }: Origin): Origin {
  if (path[0] !== "promises" || !WITH_PROMISES.has(module)) return { module, path };
  return { module: `${module}/promises`, path: path.slice(1) };
}

/** `require("fs")`, `await import("fs")`, or a property of one. */
function requiredOrigin(value: Tree): Origin | undefined {
  if (value.type === "MemberExpression") {
    const inner = requiredOrigin(value["object"] as Tree);
    const name = value["computed"] === true ? undefined : nameOf(value["property"]);
    return inner && name !== undefined
      ? { module: inner.module, path: [...inner.path, name] }
      : undefined;
  }
  if (value.type === "AwaitExpression") {
    const imported = value["argument"] as Tree;
    if (imported.type !== "ImportExpression") return undefined;
    return { module: moduleName(imported["source"]), path: [] };
  }
  if (value.type !== "CallExpression" || nameOf(value["callee"]) !== "require") return undefined;
  return { module: moduleName((value["arguments"] as readonly unknown[])[0]), path: [] };
}

/** What a value is another name for: itself, or the function that it is a promising form of. */
function aliasedPath(value: Tree): readonly string[] {
  if (value.type !== "CallExpression") return pathOf(value);
  const isPromisify = pathOf(value["callee"]).at(-1) === "promisify";
  return isPromisify ? pathOf((value["arguments"] as readonly unknown[])[0]) : [];
}

interface DeclaredName {
  readonly local: string;
  /** Of the property that it is taken from; empty for the whole. */
  readonly name: readonly string[];
}

function listNames(target: Tree): readonly DeclaredName[] {
  const whole = nameOf(target);
  if (whole !== undefined) return [{ local: whole, name: [] }];
  if (target.type !== "ObjectPattern") return [];
  return (target["properties"] as readonly Tree[]).flatMap((property) => {
    const [name, local] = [nameOf(property["key"]), nameOf(property["value"])];
    const isPlain = property["computed"] !== true && name !== undefined && local !== undefined;
    return isPlain ? [{ local, name: [name] }] : [];
  });
}

/** `["fs", "promises", "open"]`; empty for what does not begin with a variable. */
export function pathOf(value: unknown): readonly string[] {
  const node = value as Tree | undefined;
  if (node?.type === "Identifier") return [node["name"] as string];
  if (node?.type !== "MemberExpression" || node["computed"] === true) return [];
  const [object, name] = [pathOf(node["object"]), nameOf(node["property"])];
  return object.length === 0 || name === undefined ? [] : [...object, name];
}

/** The name that an identifier is. */
export function nameOf(value: unknown): string | undefined {
  const node = value as Tree | undefined;
  const isName = node?.type === "Identifier" || node?.type === "PrivateIdentifier";
  return isName ? String(node["name"]) : undefined;
}

function moduleName(value: unknown): string {
  const text = (value as Tree | undefined)?.["value"];
  return typeof text === "string" ? text.replace(/^node:/, "") : "";
}
