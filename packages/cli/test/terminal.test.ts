import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { decideCharset, decideColour, decideColumns } from "../src/terminal/surroundings.ts";

const terminal = { isTTY: true, columns: 132 };
const pipe = { isTTY: false, columns: 0 };

test.each([
  ["auto", terminal, {}, "always"],
  ["auto", pipe, {}, "never"],
  ["auto", terminal, { NO_COLOR: "1" }, "never"],
  ["auto", terminal, { NO_COLOR: "" }, "always"],
  ["auto", terminal, { TERM: "dumb" }, "never"],
  ["auto", pipe, { FORCE_COLOR: "1" }, "always"],
  ["auto", pipe, { FORCE_COLOR: "0" }, "never"],
  ["always", pipe, { NO_COLOR: "1" }, "always"],
  ["never", terminal, { FORCE_COLOR: "1" }, "never"],
] as const)("colour %s on %j with %j is %s", (wish, stream, env, expected) => {
  expect(decideColour(wish, stream, env)).toBe(expected);
});

test.each([
  [terminal, { LANG: "de_DE.UTF-8" }, "unicode"],
  [terminal, { LANG: "C" }, "ascii"],
  [terminal, { LC_ALL: "C", LANG: "de_DE.UTF-8" }, "ascii"],
  [terminal, { LANG: "en_US.utf8" }, "unicode"],
  [pipe, { LANG: "C" }, "unicode"],
] as const)("the charset on %j with %j is %s", (stream, env, expected) => {
  expect(decideCharset(stream, env, "linux")).toBe(expected);
});

test.each([
  [terminal, {}, 132],
  [pipe, {}, 100],
  [pipe, { COLUMNS: "70" }, 70],
  [pipe, { COLUMNS: "wide" }, 100],
] as const)("the width on %j with %j is %i", (stream, env, expected) => {
  expect(decideColumns(stream, env)).toBe(expected);
});

const script = "/usr/bin/script";

test.skipIf(!existsSync(script))(
  "on a real terminal progress comes and goes, and colours stay",
  async () => {
    const launcher = fileURLToPath(new URL("../bin/watertight.js", import.meta.url));
    const series = fileURLToPath(new URL("fixtures/leaky-series", import.meta.url));
    const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
    const run = async (args: string): Promise<string> => {
      const command = `${process.execPath} ${launcher} inspect ${series} --fail-on never ${args}`;
      const { stdout } = await promisify(execFile)(script, ["-qec", command, "/dev/null"], {
        env: { ...env, TERM: "xterm-256color", LANG: "C.UTF-8" },
      });
      return stdout;
    };
    const shown = await run("");
    // oxlint-disable-next-line no-control-regex
    expect(shown).toMatch(/\r\u001b\[2K.+\r\u001b\[2K/);
    expect(shown).toContain("\u001b[7;31m HIGH \u001b[0m");
    const quiet = await run("--quiet --color never");
    expect(quiet).not.toContain("\u001b");
  },
);
