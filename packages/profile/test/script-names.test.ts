/** Where functions were written is read from the heaps of real processes, however Node came by the name of a file. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  decodeHeapSnapshot,
  functionPlace,
  type FunctionPlace,
  type HeapGraph,
  listScripts,
} from "@watertight/profile";
import { findNode, NODE_MAJORS } from "../../../e2e/real-parts.ts";

/** Its own file is CommonJS by the lack of a word on it, as that of most services. */
const PROGRAM = `const { writeHeapSnapshot } = require("node:v8");

globalThis.kept = [function written() {}, new Function("return function compiled() {}")()];
writeHeapSnapshot(process.argv[2]);
`;

let folder: string;
let program: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "watertight-script names-")));
  program = join(folder, "service.js");
  writeFileSync(program, PROGRAM);
});
afterAll(() => rmSync(folder, { recursive: true }));

function snapshotOf(node: string, args: readonly string[]): HeapGraph {
  const file = join(folder, "service.heapsnapshot");
  const { NODE_OPTIONS: _, ...env } = process.env;
  execFileSync(node, [...args, program, file], { env });
  return decodeHeapSnapshot(readFileSync(file));
}

function placeOf(graph: HeapGraph, name: string): FunctionPlace | undefined {
  const closure = graph.nodeTypes.indexOf("closure");
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.nodeType[node] !== closure) continue;
    if (graph.strings.at(graph.nodeName[node] as number) === name)
      return functionPlace(graph, node);
  }
  return undefined;
}

describe.each(NODE_MAJORS)("a main file that Node %s was given", (major) => {
  const node = findNode(major);
  const ways = [
    ["by its path", []],
    [
      "after an import, which makes its name a slice of a URL",
      ["--import", "data:text/javascript,"],
    ],
  ] as const;

  test.skipIf(node === undefined).each(ways)("%s is told by its path", (_, args) => {
    const graph = snapshotOf(node as string, args);
    expect(placeOf(graph, "written")).toMatchObject({ file: program, line: 3 });
    expect(placeOf(graph, "compiled")).toMatchObject({ file: "" });
    const scripts = listScripts(graph);
    expect(scripts).toContain(program);
    expect(scripts.filter((script) => script.startsWith("("))).toEqual([]);
  });
});
