/** What `go tool pprof` says of real profiles is what the call tree has to say. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodePprof, type Profile } from "@watertight/profile";
import {
  buildCallTree,
  listTopFunctions,
  listTopFunctionsOf,
  pathOf,
  type CallTree,
} from "@watertight/flame";
import { findGo } from "../../../e2e/real-parts.ts";

const go = findGo();
const folder = new URL("../../profile/test/fixtures/pprof/", import.meta.url);
const UNITS: Record<string, string> = { bytes: "B", nanoseconds: "ns" };
const CASES = ["go1.19", "go1.27"].flatMap((version) =>
  ["cpu", "heap", "goroutine", "block", "mutex"].map((kind) => `${version}/${kind}`),
);

function load(name: string): { file: string; profile: Profile } {
  const file = fileURLToPath(new URL(`${name}.pb.gz`, folder));
  return { file, profile: decodePprof(gunzipSync(readFileSync(file))).profile };
}

function pprof(tree: CallTree, file: string, mode: string): string[] {
  const { type, unit } = tree.sampleType;
  const flags = ["-symbolize=none", "-nodefraction=0", "-edgefraction=0", "-nodecount=1000000"];
  const units = UNITS[unit] === undefined ? [] : [`-unit=${UNITS[unit]}`];
  return execFileSync(
    go!.go,
    ["tool", "pprof", mode, ...flags, ...units, `-sample_index=${type}`, file],
    { encoding: "utf8", env: { ...process.env, GOTOOLCHAIN: "local" }, maxBuffer: 2 ** 28 },
  ).split("\n");
}

function plainName(name: string): string {
  return name.replace(/ \((?:partial-)?inline\)$/, "");
}

/** Rows of `-top`: flat, cum, name. */
function readTop(lines: readonly string[]): string[] {
  const rows: string[] = [];
  for (const line of lines) {
    const row = /^\s*(-?\d+)\w*\s+[\d.]+%\s+[\d.]+%\s+(-?\d+)\w*\s+[\d.]+%\s+(.+)$/.exec(line);
    if (row) rows.push(`${row[1]} ${row[2]} ${plainName(row[3]!)}`);
  }
  return rows.sort();
}

/** Values of `-traces` by stack, outermost caller first. */
function readTraces(lines: readonly string[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const block of lines
    .join("\n")
    .split(/^-+\+-+$/m)
    .slice(1)) {
    const stack = block.split("\n").filter((line) => line.trim() && !/^\s*\S+: {2}/.test(line));
    const value = Number.parseInt(/^\s*(-?\d+)/.exec(stack[0] ?? "0")![1]!, 10);
    const names = stack.map((line, row) =>
      plainName(row === 0 ? line.replace(/^\s*-?\d+\w*\s+/, "") : line.trim()),
    );
    const path = names.reverse().join(";");
    if (value !== 0) sums.set(path, (sums.get(path) ?? 0) + value);
  }
  return sums;
}

function selfByPath(tree: CallTree): Map<string, number> {
  const sums = new Map<string, number>();
  for (let node = 1; node < tree.nodeCount; node++) {
    if (tree.self[node] !== 0) sums.set(pathOf(tree, node).join(";"), tree.self[node]!);
  }
  return sums;
}

describe.skipIf(!go)("against go tool pprof", () => {
  it.each(CASES)("%s: every function's flat and cum value is that of -top", (name) => {
    const { file, profile } = load(name);
    for (const { type } of profile.sampleTypes) {
      const tree = buildCallTree(profile, { sampleType: type });
      const top = listTopFunctions(tree).map(({ name, flat, cum }) => `${flat} ${cum} ${name}`);
      expect(top.toSorted(), type).toEqual(readTop(pprof(tree, file, "-top")));
      expect(listTopFunctionsOf(profile, type), type).toEqual(listTopFunctions(tree));
    }
  });

  it.each(CASES)("%s: every stack, inlined calls included, is that of -traces", (name) => {
    const { file, profile } = load(name);
    const tree = buildCallTree(profile);
    expect(tree.nodeCount).toBeGreaterThan(1);
    expect(selfByPath(tree)).toEqual(readTraces(pprof(tree, file, "-traces")));
  });
});
