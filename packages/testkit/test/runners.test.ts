import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { describe, test } from "vitest";
import { findNode, NODE_MAJORS } from "../../../e2e/real-parts.ts";

const root = join(import.meta.dirname, "../../..");
const room = join(import.meta.dirname, "..");
const fixtures = join(import.meta.dirname, "fixtures");

interface Runner {
  readonly name: string;
  readonly suite: string;
  /** Cases that the suite adds to its own. */
  readonly added?: string;
  readonly args: readonly string[];
}

const runnerCases = join(fixtures, "runner-cases.mts");

const RUNNERS: readonly Runner[] = [
  {
    name: "Vitest",
    suite: join(fixtures, "vitest/suite.fixture.ts"),
    added: runnerCases,
    args: [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--root",
      join(fixtures, "vitest"),
      "--reporter=tap-flat",
    ],
  },
  {
    name: "Jest",
    suite: join(fixtures, "jest/suite.spec.cjs"),
    args: [
      join(root, "node_modules/jest/bin/jest.js"),
      "--config",
      join(fixtures, "jest/jest.config.cjs"),
      "--verbose",
      "suite.spec.cjs",
    ],
  },
  {
    name: "Jest with ES modules",
    suite: join(fixtures, "jest/suite-esm.spec.mjs"),
    args: [
      "--experimental-vm-modules",
      join(root, "node_modules/jest/bin/jest.js"),
      "--config",
      join(fixtures, "jest/jest.config.cjs"),
      "--verbose",
      "suite-esm.spec.mjs",
    ],
  },
  {
    name: "node:test",
    suite: join(fixtures, "node-test/suite.mts"),
    added: runnerCases,
    args: [
      "--import",
      "@watertight/testkit/node-test",
      "--test-reporter=tap",
      "--test",
      join(fixtures, "node-test/suite.mts"),
    ],
  },
];

async function run(node: string, { args }: Runner, signal: AbortSignal): Promise<string> {
  const { VITEST: _, VITEST_MODE: __, ...env } = process.env;
  const child = spawn(
    node,
    ["--conditions=watertight-source", "--disable-warning=ExperimentalWarning", ...args],
    {
      cwd: room,
      signal,
      env: { ...env, NO_COLOR: "1", FORCE_COLOR: "0", CI: "1" },
    },
  );
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return `${out}\n${err}`;
}

/** Titles by outcome, from TAP or from Jest's list. */
function outcomes(output: string): ReadonlyMap<string, boolean> {
  const tap = output.matchAll(/^\s*(not )?ok \d+ - (?:.* > )?((?:clean|leaky): [^#\n]*)/gm);
  const list = output.matchAll(/^\s*(?:✓|(✕)) ((?:clean|leaky): .*?)(?: \(\d+ m?s\))?$/gm);
  return new Map(
    [...tap, ...list].map(([, failed, title = ""]) => [title.trim(), failed === undefined]),
  );
}

/** What has to become of every title in the runner's sources. */
function expectedOutcomes({ suite, added }: Runner): ReadonlyMap<string, boolean> {
  const paths = added === undefined ? [suite] : [suite, added];
  const source = paths.map((path) => readFileSync(path, "utf8")).join("\n");
  const titles = [...source.matchAll(/"((?:clean|leaky): [^"]*)"/g)];
  return new Map(titles.map(([, title = ""]) => [title, title.startsWith("clean")]));
}

/** `file:line`, from the room's folder, of a line of a suite that carries a mark. */
function marked(suite: string, mark: string): string {
  const lines = readFileSync(suite, "utf8").split("\n");
  return `${relative(room, suite)}:${lines.findIndex((line) => line.endsWith(`// LEAK ${mark}`)) + 1}`;
}

describe.concurrent.each(NODE_MAJORS)("on Node %s", (major) => {
  const node = findNode(major);
  describe.skipIf(node === undefined)("the set-up module", () => {
    test.for(RUNNERS)(
      "of $name fails exactly the tests that leak and names the lines",
      async (runner, { expect, signal }) => {
        const output = await run(node ?? "", runner, signal);
        expect(outcomes(output), output).toEqual(expectedOutcomes(runner));
        expect(output).toContain(marked(runner.suite, "reply"));
        expect(output).toContain(marked(runner.suite, "interval"));
        expect(output).toContain("docs/causes/promise-pending.md");
      },
    );
  });
});
