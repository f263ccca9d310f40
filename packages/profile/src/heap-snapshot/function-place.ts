/** Where functions were written, as far as a heap graph knows. */
import { fileOf } from "../v8/call-frame.ts";
import type { HeapGraph } from "./heap-graph.ts";
import { internalTarget } from "./promise-nodes.ts";

/** Where a function begins. Lines and columns are 1-based, 0 when unknown. */
export interface FunctionPlace {
  readonly name: string;
  /** Path or URL of the script, empty when the graph does not say. */
  readonly file: string;
  /** V8's script id, 0 when unknown. */
  readonly script: number;
  readonly line: number;
  readonly column: number;
}

/** Name and place of a function (a closure node). */
export function functionPlace(graph: HeapGraph, functionNode: number): FunctionPlace {
  if (functionNode >= graph.nodeCount) return { name: "", file: "", script: 0, line: 0, column: 0 };
  const name = graph.strings.at(graph.nodeName[functionNode] as number);
  const file = scriptName(graph, functionNode);
  const { locations } = graph;
  const row = findLocation(graph, functionNode);
  if (row === undefined) return { name, file, script: 0, line: 0, column: 0 };
  return {
    name,
    file,
    script: locations.script[row] as number,
    line: (locations.line[row] as number) + 1,
    column: (locations.column[row] as number) + 1,
  };
}

function findLocation({ locations }: HeapGraph, node: number): number | undefined {
  let low = 0;
  let high = locations.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((locations.node[middle] as number) < node) low = middle + 1;
    else high = middle;
  }
  return locations.node[low] === node ? low : undefined;
}

/**
 * V8 calls a script's node what the script is called, in full. The string that its edge `name` leads to can be a slice
 * of another, of which a snapshot has no text: Node cuts the path of a main file out of its URL when it was given an
 * `--import`. Empty for scripts without a name. Observed on V8 12.4 to 14.6 (Node 22 to 26).
 */
function scriptName(graph: HeapGraph, functionNode: number): string {
  const script = follow(graph, functionNode, ["shared", "script"]);
  return script === undefined ? "" : fileOf(graph.strings.at(graph.nodeName[script] as number));
}

/** What a heap graph knows of a script's text: enough to tell whether another text is the same. */
export interface ScriptText {
  /** The beginning; V8 cuts the strings of a snapshot, at 1,024 characters by default. */
  readonly start: string;
  /** Bytes of the string object, its header included. */
  readonly selfBytes: number;
  /** What was appended to it without a copy, cut likewise; empty when nothing was. */
  readonly tail: string;
}

/** The text that a function was compiled from; undefined when the graph does not say. */
export function scriptText(graph: HeapGraph, functionNode: number): ScriptText | undefined {
  if (functionNode >= graph.nodeCount) return undefined;
  const source = follow(graph, functionNode, ["shared", "script", "source"]);
  if (source === undefined) return undefined;
  const text = follow(graph, source, ["first"]);
  const tail = follow(graph, source, ["second"]);
  const whole = text ?? source;
  return {
    start: graph.strings.at(graph.nodeName[whole] as number),
    selfBytes: graph.nodeSelfBytes[whole] as number,
    tail: tail === undefined ? "" : graph.strings.at(graph.nodeName[tail] as number),
  };
}

function follow(graph: HeapGraph, from: number, edges: readonly string[]): number | undefined {
  let node: number | undefined = from;
  for (const edge of edges) {
    const name = graph.strings.find(edge);
    node = node === undefined ? undefined : internalTarget(graph, node, name);
  }
  return node;
}
