import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  awaitStack,
  decodeHeapSnapshot,
  functionPlace,
  goroutinesFromTasks,
  type HeapGraph,
  HeapSnapshotDecoder,
  listSuspendedTasks,
  proveWakes,
  type SuspendedTasks,
  wakePath,
  type WakeProof,
} from "@watertight/profile";

let bytes: Uint8Array;
let graph: HeapGraph;
let tasks: SuspendedTasks;
let proof: WakeProof;

const program = join(import.meta.dirname, "fixtures/node/wakeable-and-stuck.cjs");

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "watertight-heap-"));
  const file = join(folder, "program.heapsnapshot");
  execFileSync(process.execPath, [program, file]);
  bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  graph = decodeHeapSnapshot(bytes);
  tasks = listSuspendedTasks(graph);
  proof = proveWakes(graph, tasks.promiseNodes);
});

function nameOf(row: number): string {
  return functionPlace(graph, tasks.functionNode[row] as number).name;
}

function rowsNamed(pattern: RegExp): readonly number[] {
  return Array.from({ length: tasks.count }, (_, row) => row).filter((row) =>
    pattern.test(nameOf(row)),
  );
}

describe("decoding a heap snapshot", () => {
  test("agrees with JSON.parse on every node and edge", () => {
    const json = JSON.parse(Buffer.from(bytes).toString()) as {
      snapshot: { meta: { node_fields: string[] } };
      nodes: number[];
      edges: number[];
      strings: string[];
    };
    const width = json.snapshot.meta.node_fields.length;
    expect(graph.nodeCount).toBe(json.nodes.length / width);
    expect(graph.edgeCount).toBe(json.edges.length / 3);
    expect(graph.strings.count).toBe(json.strings.length);
    for (let node = 0; node < graph.nodeCount; node += 7) {
      const name = graph.strings.at(graph.nodeName[node] as number);
      if (name !== json.strings[json.nodes[node * width + 1] as number]) expect.fail(name);
    }
    expect(Array.from(graph.edgeTo)).toEqual(
      json.edges.filter((_, at) => at % 3 === 2).map((to) => to / width),
    );
  });

  test("gives the same graph however the bytes are cut into chunks", () => {
    const decoder = new HeapSnapshotDecoder();
    for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 1) % 50_021) {
      decoder.push(bytes.subarray(at, at + size));
    }
    const streamed = decoder.finish();
    expect(streamed.edgeTo).toEqual(graph.edgeTo);
    expect(streamed.nodeName).toEqual(graph.nodeName);
    expect(streamed.strings.at(streamed.strings.count - 1)).toBe(
      graph.strings.at(graph.strings.count - 1),
    );
  });

  test("takes the text of an inspector's chunks as well as bytes", () => {
    const decoder = new HeapSnapshotDecoder();
    decoder.push(Buffer.from(bytes).toString("latin1"));
    expect(decoder.finish().nodeCount).toBe(graph.nodeCount);
  });

  test("a snapshot that is cut before its edges end is a coded error, at every cut", () => {
    const edgesEnd = Buffer.from(bytes).indexOf('"trace_function_infos"');
    for (let cut = 0; cut < edgesEnd; cut += 40_009) {
      expect(() => decodeHeapSnapshot(bytes.subarray(0, cut))).toThrow("WT_PROFILE_TRUNCATED");
    }
  });

  test("a snapshot that is cut in its strings keeps its graph", () => {
    const cut = decodeHeapSnapshot(bytes.subarray(0, bytes.length - 5000));
    expect(cut.edgeTo).toEqual(graph.edgeTo);
    expect(cut.strings.at(graph.strings.count - 1)).toBe("");
  });

  test("other JSON, and damaged counts, are coded errors", () => {
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect(() => decodeHeapSnapshot(encode('{"nodes":[1,2]}'))).toThrow(
      "WT_PROFILE_UNKNOWN_FORMAT",
    );
    expect(() => decodeHeapSnapshot(encode("x".repeat(2_000_000)))).toThrow(
      "WT_PROFILE_UNKNOWN_FORMAT",
    );
    const text = Buffer.from(bytes).toString("latin1");
    const shrunk = text.replace(/"node_count":\d+/, '"node_count":3');
    expect(() => decodeHeapSnapshot(encode(shrunk))).toThrow("WT_PROFILE_CORRUPT");
    const huge = text.replace(/"node_count":\d+/, '"node_count":400000000');
    expect(() => decodeHeapSnapshot(encode(huge))).toThrow("WT_PROFILE_LIMIT");
  });
});

describe("the tasks of a running program", () => {
  test("every suspended function is listed", () => {
    expect(new Set(rowsNamed(/^(stuck|wakes)/).map(nameOf))).toEqual(
      new Set(
        [
          ...readFileSync(program, "utf8").matchAll(/async (?:function )?((?:stuck|wakes)\w+)\(/g),
        ].map((match) => match[1]),
      ),
    );
  });

  test("none that can wake is called stuck", () => {
    const wrong = rowsNamed(/^wakes/).filter(
      (row) => proof.isLive[tasks.node[row] as number] === 0,
    );
    expect(wrong.map(nameOf)).toEqual([]);
  });

  test("each that can never wake is proven stuck", () => {
    const missed = rowsNamed(/^stuck/).filter(
      (row) => proof.isLive[tasks.node[row] as number] === 1,
    );
    expect(missed.map(nameOf)).toEqual([]);
  });

  test("an await stack leads from the innermost function to its callers", () => {
    const stacks = rowsNamed(/^wakesByMap$/).map((row) => awaitStack(tasks, row).map(nameOf));
    expect(stacks).toContainEqual(["wakesByMap", "wakesByCallee"]);
  });

  test("a function's place is the line on which it was written", () => {
    const [row] = rowsNamed(/^stuckOnAll$/) as [number];
    const { line } = functionPlace(graph, tasks.functionNode[row] as number);
    expect(readFileSync(program, "utf8").split("\n")[line - 1]).toContain("stuckOnAll");
  });

  test("the way to a task that can wake names who holds its resolver", () => {
    const [row] = rowsNamed(/^wakesByGlobalMutex$/) as [number];
    const path = wakePath(graph, proof, tasks.node[row] as number);
    const text = path.map((step) => `${step.holder}.${step.through}`).join(" > ");
    expect(text).toContain("Mutex.waiting");
  });
});

test("a module whose top-level await is over is no task, though the module is kept", () => {
  const folder = mkdtempSync(join(tmpdir(), "watertight-heap-"));
  const file = join(folder, "module.heapsnapshot");
  const source = `
    import { setTimeout as sleep } from "node:timers/promises";
    import { writeHeapSnapshot } from "node:v8";
    await sleep(1);
    const resolvers = (globalThis.resolvers = []);
    async function waits() { await new Promise((resolve) => resolvers.push(resolve)); }
    waits();
    setTimeout(() => writeHeapSnapshot(${JSON.stringify(file)}), 20);`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", source]);
  const heap = decodeHeapSnapshot(readFileSync(file));
  rmSync(folder, { recursive: true });
  const found = listSuspendedTasks(heap);
  const dump = goroutinesFromTasks(heap, found, proveWakes(heap, found.promiseNodes));
  expect(dump.groups.map((group) => group.frames[0]?.function)).toEqual(["waits"]);
});
