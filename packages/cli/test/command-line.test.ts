import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createProgram } from "../src/program.ts";
import { runWatertight } from "./run-watertight.ts";

const context = {
  surroundings: {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: {},
    cwd: "/",
    stop: new AbortController().signal,
  },
  version: "0.0.0",
  finish: () => undefined,
};

function listCommands(): string[] {
  return createProgram(context).commands.map((command) => command.name());
}

/** The reference is what `--help` says, nothing else. */
async function renderReference(): Promise<string> {
  const pages = [
    "# The `watertight` command\n\nEverything that `--help` says, on one page. A test keeps it equal.\n",
  ];
  for (const name of ["", ...listCommands()]) {
    const { stdout } = await runWatertight(name === "" ? ["--help"] : [name, "--help"]);
    pages.push(`## watertight${name && ` ${name}`}\n\n\`\`\`text\n${stdout.trimEnd()}\n\`\`\`\n`);
  }
  return pages.join("\n");
}

test("docs/cli.md is what --help says", async () => {
  await expect(await renderReference()).toMatchFileSnapshot("../../../docs/cli.md");
});

test.each(["", ...listCommands()])(
  "the help of %j has examples and fits 80 columns",
  async (name) => {
    const { code, stdout, stderr } = await runWatertight([name, "--help"].filter(Boolean));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("\nExamples:\n");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  },
);

test("the version is the package's", async () => {
  const path = new URL("../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(path, "utf8"));
  const { code, stdout } = await runWatertight(["--version"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
});

test.each([
  [["inspct", "x"], "Did you mean inspect?"],
  [["inspect", "x", "--jsno"], "Did you mean --json?"],
  [["inspect"], "Missing required argument 'targets'."],
  [["inspect", "x", "--interval", "5q"], "Write a duration such as 5s, 500ms or 2m."],
  [["inspect", "x", "--captures", "0"], "Write a whole number from 1 to 1000."],
  [["inspect", "x", "--fail-on", "bad"], "Allowed choices are critical, high, medium, low, never."],
  [["inspect", "x", "--json", "--markdown"], "cannot be used with option"],
  [["inspect", "x", "y", "--html", "z"], "--html takes one target"],
  [["inspect", "-", "-"], "standard input can be read once only"],
  [["inspect", "x", "--header", "nonsense"], 'Write "Name: value".'],
  [["verify", "x"], "--before"],
  [["completion", "tcsh"], "Allowed choices are bash, zsh, fish."],
])("%j is a usage error that says what to do", async (args, sentence) => {
  const { code, stdout, stderr } = await runWatertight(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(sentence);
  expect(stderr).toMatch(/^watertight: .+\n {2}Run the command with --help.+\n {2}WT_CLI_USAGE\n$/);
});

test("no command at all prints the help and is a usage error", async () => {
  const { code, stdout, stderr } = await runWatertight([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Usage: watertight <command>");
});
