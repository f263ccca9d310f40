/** The detectors that people use today. */
import { join } from "node:path";
import { type Detector, type DetectorFinding, namedLines } from "./detector.ts";

const BODIES = join(import.meta.dirname, "bodies");
const MODULES = join(import.meta.dirname, "../../../node_modules");
const inBodies = (name: string): string => join(BODIES, name);
const SHARED = [inBodies("requests.ts"), join(import.meta.dirname, "../drive.ts")];

const activeResources: Detector = {
  name: "getActiveResourcesInfo diff",
  short: "diff",
  keptBy: [...SHARED, inBodies("active-resources.ts")],
  args: (program) => [inBodies("active-resources.ts"), program],
  read: ({ stdout }) => readList(stdout),
};

const whyIsNodeRunning: Detector = {
  name: "why-is-node-running",
  short: "why",
  keptBy: [...SHARED, inBodies("why-is-node-running.ts")],
  args: (program) => [inBodies("why-is-node-running.ts"), program],
  // The test's own timer and output are in its report too.
  read: ({ stdout }) => readList(stdout).filter(({ text }) => !text.includes("detectors/bodies/")),
};

const vitest: Detector = {
  name: "Vitest detectAsyncLeaks",
  short: "Vitest",
  keptBy: [...SHARED, inBodies("vitest-body.ts"), inBodies("vitest.config.ts")],
  args: () => [join(MODULES, "vitest/vitest.mjs"), "run", "--config", inBodies("vitest.config.ts")],
  read: ({ stdout, stderr }) => {
    if (!/Tests .*1 passed/.test(stdout)) throw new Error("the test did not pass");
    return splitFindings(stdout + stderr, /^(?=\S+ leaking in )/m, / leaking in /);
  },
};

const jest: Detector = {
  name: "Jest --detectOpenHandles",
  short: "Jest",
  keptBy: [...SHARED, inBodies("jest-body.mjs"), inBodies("jest.config.mjs")],
  args: () => [
    "--experimental-vm-modules",
    join(MODULES, "jest/bin/jest.js"),
    "--config",
    inBodies("jest.config.mjs"),
    "--detectOpenHandles",
    "--forceExit",
  ],
  read: ({ stderr }) => {
    if (!/Tests: .*1 passed/.test(stderr)) throw new Error("the test did not pass");
    return splitFindings(stderr, /^(?= {2}● {2})/m, /^ {2}● {2}/);
  },
};

/** Every rival. */
export const RIVALS: readonly Detector[] = [vitest, jest, whyIsNodeRunning, activeResources];

function readList(stdout: string): readonly DetectorFinding[] {
  const texts = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as readonly string[];
  return texts.map((text) => ({ text, lines: namedLines(text) }));
}

function splitFindings(text: string, before: RegExp, is: RegExp): readonly DetectorFinding[] {
  return text
    .split(before)
    .filter((part) => is.test(part))
    .map((part) => ({ text: part.trimEnd(), lines: namedLines(part) }));
}
