/** Against real Go processes and the real `go tool pprof`, when Go is at hand. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodePprof, encodePprof, mergeProfiles, type Profile } from "@watertight/profile";
import { findGoToolchains } from "../../../e2e/real-parts.ts";
import { RECORDED_PROFILES } from "./pprof-fixtures.ts";
import { rawBody, renderRaw } from "./raw-text.ts";

const toolchains = findGoToolchains();
const newest = toolchains.at(-1);
const oldest = toolchains.at(0);
const KINDS = ["cpu", "heap", "allocs", "goroutine", "threadcreate", "block", "mutex"];

describe.skipIf(!newest)("with Go at hand", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "watertight-pprof-"));
    const source = fileURLToPath(new URL("fixtures/pprof/writer/main.go", import.meta.url));
    const binary = join(folder, "writer");
    run(newest!.go, ["build", "-o", binary, source]);
    run(binary, [folder]);
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(KINDS)("a fresh %s profile says what go tool pprof -raw says of it", (kind) => {
    const file = join(folder, `${kind}.pb.gz`);
    const { profile, problems } = decodePprof(gunzipSync(readFileSync(file)));
    expect(problems).toEqual([]);
    expect(renderRaw(profile)).toEqual(rawBody(pprof(newest!.go, ["-raw", file])));
  });

  test.each([oldest!, newest!])("go tool pprof of Go $version opens what is encoded", ({ go }) => {
    for (const { name, bytes } of RECORDED_PROFILES.filter(({ name }) => name.endsWith("1.27"))) {
      const original = join(folder, "original.pb");
      const encoded = join(folder, "encoded.pb");
      writeFileSync(original, bytes);
      writeFileSync(encoded, encodePprof(decodePprof(bytes).profile));
      const seen = rawBody(pprof(go, ["-raw", encoded]));
      expect(seen, name).toEqual(rawBody(pprof(go, ["-raw", original])));
    }
  });

  test("the flat total of every function is what go tool pprof -top says", () => {
    const file = join(folder, "cpu.pb.gz");
    const { profile } = decodePprof(gunzipSync(readFileSync(file)));
    const flags = ["-top", "-flat", "-unit=ns", "-nodefraction=0", "-edgefraction=0"];
    const lines = pprof(newest!.go, [...flags, "-nodecount=100000", file]).split("\n");
    const rows = lines.slice(lines.findIndex((line) => line.includes("flat%")) + 1);
    const top = new Map<string, bigint>();
    for (const row of rows) {
      const match = /^\s*(\d+)(?:ns)?\s+\S+\s+\S+\s+\S+\s+\S+\s+(.+?)(?: \(inline\))?$/.exec(row);
      if (match && match[1] !== "0")
        top.set(match[2]!.replace(" (partial-inline)", ""), BigInt(match[1]!));
    }
    expect(top.size).toBeGreaterThan(0);
    expect(flatTotals(profile, 1)).toEqual(top);
  });

  test("merging two profiles gives the totals of go tool pprof on both files", () => {
    const files = ["heap", "allocs"].map((kind) => join(folder, `${kind}.pb.gz`));
    const profiles = files.map((file) => decodePprof(gunzipSync(readFileSync(file))).profile);
    const merged = join(folder, "merged.pb");
    writeFileSync(merged, encodePprof(mergeProfiles(profiles)));
    const flags = ["-top", "-sample_index=alloc_space", "-unit=B", "-nodefraction=0"];
    const [ours, theirs] = [[merged], files].map((inputs) =>
      pprof(newest!.go, [...flags, ...inputs])
        .split("\n")
        .filter((line) => / {2}\S/.test(line))
        .toSorted(),
    );
    expect(ours!.length).toBeGreaterThan(10);
    expect(ours).toEqual(theirs);
  });
});

/** Nanoseconds (or whatever `type` counts) by leaf function. */
function flatTotals(
  { samples, locations, functions, strings }: Profile,
  type: number,
): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (let row = 0; row < samples.count; row++) {
    const leaf = samples.stack[samples.stackOffset[row]!]!;
    const name = strings[functions.name[locations.lineFunction[locations.lineOffset[leaf]!]!]!]!;
    totals.set(name, (totals.get(name) ?? 0n) + samples.values[type]![row]!);
  }
  return totals;
}

function pprof(go: string, args: string[]): string {
  return run(go, ["tool", "pprof", "-symbolize=none", ...args]);
}

function run(command: string, args: string[]): string {
  return execFileSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "", TZ: "UTC" },
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 2 ** 28,
  });
}
