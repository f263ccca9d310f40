/** The same process asked at debug=0, 1 and 2: all three must agree. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { findGoToolchains } from "../../../e2e/real-parts.ts";
import { decodeGoroutineText, decodePprof, goroutinesFromProfile } from "../src/index.ts";
import { countByStack, fixtureFolder } from "./goroutine-fixtures.ts";

const toolchains = findGoToolchains();
const folder = mkdtempSync(join(tmpdir(), "watertight-goroutines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(toolchains.length === 0)("goroutines of live processes", () => {
  test.each(toolchains)("Go $version: debug=2, debug=1 and debug=0 agree", ({ version, go }) => {
    const program = join(folder, version);
    cpSync(join(fixtureFolder, "program"), program, { recursive: true });
    const env = {
      ...process.env,
      CGO_ENABLED: "0",
      GOTOOLCHAIN: "local",
      GODEBUG: "tracebacklabels=1",
    };
    execFileSync(go, ["build", "-o", "waits", "."], { cwd: program, env });
    execFileSync(join(program, "waits"), ["profiles", `${program}/`], { env, timeout: 20_000 });
    const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(program, name)));

    const debug2 = decodeGoroutineText(read("goroutine.debug2"));
    const debug1 = decodeGoroutineText(read("goroutine.debug1"));
    const debug0 = goroutinesFromProfile(decodePprof(gunzipSync(read("goroutine.debug0"))).profile);
    expect([debug2.problems, debug1.problems, debug0.problems]).toEqual([[], [], []]);
    expect([debug1.covered, debug0.covered]).toEqual([debug2.covered, debug2.covered]);
    expect(countByStack(debug0, { withState: true })).toEqual(
      countByStack(debug2, { withState: true }),
    );
    expect(countByStack(debug1, { withState: false })).toEqual(
      countByStack(debug2, { withState: false }),
    );

    if (!existsSync(join(program, "goroutineleak.debug2"))) return;
    const marked = decodeGoroutineText(read("goroutineleak.debug2"), { leakProfile: true });
    const proven = decodeGoroutineText(read("goroutineleak.debug1"));
    const leaked = marked.groups.reduce((sum, group) => sum + group.leaked, 0);
    expect(leaked).toBeGreaterThan(15);
    expect(proven).toMatchObject({ leakProfile: true, covered: leaked });
  });
});
