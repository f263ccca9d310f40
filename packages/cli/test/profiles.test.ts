import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodePprof } from "@watertight/profile";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findGo } from "../../../e2e/real-parts.ts";
import { runWatertight, scratchFolder } from "./run-watertight.ts";

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));
const dump = `${fixtures}leaky-series/2026-03-01T03-00-30Z.goroutine.txt`;
const earlier = `${fixtures}leaky-series/2026-03-01T03-00-00Z.goroutine.txt`;
const heap = `${fixtures}leaky.heap.pb.gz`;

describe("flame", () => {
  test("folded stacks hold every goroutine", async () => {
    const { code, stdout } = await runWatertight(["flame", dump, "--format", "folded"]);
    expect(code).toBe(0);
    expect(stdout).toContain("main.fetchPrice 40\n");
    const total = stdout
      .trimEnd()
      .split("\n")
      .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
    expect(total).toBe(43);
  });

  test("--by puts the state or the creator below each stack", async () => {
    const byState = await runWatertight(["flame", dump, "--format", "folded", "--by", "state"]);
    expect(byState.stdout).toContain("chan send;main.fetchPrice 40\n");
    const byCreator = await runWatertight(["flame", dump, "--format", "folded", "--by", "creator"]);
    expect(byCreator.stdout).toContain("main.quote;main.fetchPrice 40\n");
    const byLabel = await runWatertight([
      "flame",
      dump,
      "--format",
      "folded",
      "--by",
      "label:route",
    ]);
    expect(byLabel.stdout).toContain("(no route);main.fetchPrice 40\n");
  });

  test("a heap profile has no state, and the error says so", async () => {
    const { code, stderr } = await runWatertight(["flame", heap, "--by", "state"]);
    expect(code).toBe(2);
    expect(stderr).toContain("is no goroutine dump: it has no state");
  });

  test("the file's extension chooses the format", async () => {
    using folder = scratchFolder();
    await runWatertight(["flame", dump, "-o", `${folder}/a.svg`]);
    await runWatertight(["flame", dump, "-o", `${folder}/a.html`, "--diff", earlier]);
    expect(readFileSync(`${folder}/a.svg`, "utf8")).toMatch(/^<svg[\s\S]+main\.fetchPrice/);
    const page = readFileSync(`${folder}/a.html`, "utf8");
    expect(page).toContain("13 before, 43 after");
    expect(page).not.toMatch(/src=|href=/);
  });

  test("a sample type that the profile lacks is named, with those that it has", async () => {
    const { code, stderr } = await runWatertight(["flame", heap, "--sample", "banana"]);
    expect(code).toBe(3);
    expect(stderr).toContain("inuse_space");
    expect(stderr).toContain("WT_FLAME_NO_SAMPLE_TYPE");
  });
});

describe("convert", () => {
  test("goroutine text becomes pprof, and pprof folded stacks", async () => {
    using folder = scratchFolder();
    const path = `${folder}/dump.pb.gz`;
    expect((await runWatertight(["convert", dump, "-o", path])).code).toBe(0);
    const { profile, problems } = decodePprof(gunzipSync(readFileSync(path)));
    expect(problems).toEqual([]);
    expect(profile.sampleTypes).toEqual([{ type: "goroutine", unit: "count" }]);
    const direct = await runWatertight(["convert", dump, "--to", "folded"]);
    const round = await runWatertight(["convert", path, "--to", "folded"]);
    expect(round.stdout).toBe(direct.stdout);
    expect(direct.stdout).toContain("main.fetchPrice 40\n");
  });

  test("folded stacks come in by a pipe and go out as pprof", async () => {
    using folder = scratchFolder();
    const path = `${folder}/stacks.pb.gz`;
    await runWatertight(["convert", "-", "-o", path], { input: "main;work 3\nmain;idle 4\n" });
    const { stdout } = await runWatertight(["convert", path, "--to", "folded"]);
    expect(stdout).toBe("main;work 3\nmain;idle 4\n");
  });

  test("what was whole of a damaged input is written, and the damage told", async () => {
    const { code, stdout, stderr } = await runWatertight(["convert", "-", "--to", "folded"], {
      input: "main;work 3\nmain;broken x\nmain;idle 4\n",
    });
    expect({ code, stdout }).toEqual({ code: 4, stdout: "main;work 3\nmain;idle 4\n" });
    expect(stderr).toContain("WT_PROFILE_BAD_LINE");
  });

  test.skipIf(findGo() === undefined)("go tool pprof opens what it writes", async () => {
    using folder = scratchFolder();
    const path = `${folder}/dump.pb.gz`;
    await runWatertight(["convert", dump, "-o", path]);
    const text = execFileSync(findGo()!.go, ["tool", "pprof", "-top", path], {
      encoding: "utf8",
      env: { ...process.env, GOTOOLCHAIN: "local" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(text).toMatch(/40 93\.\d+%.*main\.fetchPrice/);
  });
});
