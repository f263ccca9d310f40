/** The project's own sources, read once and parsed, for the tests that keep the house tidy. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

export const projectRoot: string = fileURLToPath(new URL("../..", import.meta.url));

export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lineCount: number;
  readonly imports: readonly string[];
  readonly functions: readonly FunctionSpan[];
}

interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly lineCount: number;
}

const skippedFolders = new Set(["node_modules", "dist", "fixtures", "recorded", "bin", ".git"]);

/** Every file below a folder of the project, depth first, generated folders left out. */
export function listFiles(folder: string): readonly string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return skippedFolders.has(entry.name) ? [] : listFiles(path);
  });
}

/** The rooms' folders, e.g. `packages/profile`. */
export function listRooms(): readonly string[] {
  return readdirSync(join(projectRoot, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `packages/${entry.name}`);
}

/** Reads and parses one TypeScript file. */
export function readSource(path: string): SourceFile {
  const text = readFileSync(join(projectRoot, path), "utf8");
  const parsed = parseSync(path, text);
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  const requests = [
    ...parsed.module.staticImports.map((entry) => entry.moduleRequest.value),
    ...parsed.module.staticExports.flatMap((entry) =>
      entry.entries.flatMap((each) => (each.moduleRequest ? [each.moduleRequest.value] : [])),
    ),
    ...parsed.module.dynamicImports.map((entry) =>
      text.slice(entry.moduleRequest.start + 1, entry.moduleRequest.end - 1),
    ),
  ];
  return {
    path: relative(projectRoot, join(projectRoot, path)).replaceAll("\\", "/"),
    text,
    lineCount: text.split("\n").length - 1,
    imports: [...new Set(requests)],
    functions: listFunctions(parsed.program, lineOf),
  };
}

type Node = Readonly<Record<string, unknown>>;

const functionTypes = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

function listFunctions(
  program: unknown,
  lineOf: (offset: number) => number,
): readonly FunctionSpan[] {
  const found: FunctionSpan[] = [];
  const visit = (value: unknown, name: string): void => {
    if (Array.isArray(value)) return value.forEach((each) => visit(each, name));
    if (value === null || typeof value !== "object") return;
    const node = value as Node;
    const named = nameOf(node) ?? name;
    if (typeof node["type"] === "string" && functionTypes.has(node["type"])) {
      const line = lineOf(node["start"] as number);
      const lineCount = lineOf(node["end"] as number) - line + 1;
      found.push({ name: named, line, lineCount });
    }
    for (const child of Object.values(node)) visit(child, named);
  };
  visit(program, "(module)");
  return found;
}

function nameOf(node: Node): string | undefined {
  const holder = (node["id"] ?? node["key"]) as Node | null | undefined;
  return typeof holder?.["name"] === "string" ? holder["name"] : undefined;
}
