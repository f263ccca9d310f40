/**
 * Every rule against real dumps (`src/rules/examples`): what was captured of leaking services is given its cause and
 * nothing else, and no rule finds anything in what was captured of healthy ones.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodeGoroutineText } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { ALL_RULES, diagnose } from "../src/index.ts";

const FOLDER = fileURLToPath(new URL("../src/rules/examples/", import.meta.url));

/** What another rule rightly finds beside the cause, because the cause brings it about. */
const EFFECTS: Readonly<Record<string, readonly string[]>> = {
  errgroup: ["channel-receive", "channel-send"],
  "mutex-double-lock": ["mutex-held"],
  "mutex-held": ["channel-send", "semaphore", "no-client-timeout"],
  "sql-pool-exhausted": ["sql-rows"],
};

/** What the text of one dump cannot tell apart, with the cause that is named then. */
const INDISTINGUISHABLE: Readonly<Record<string, string>> = {
  "context-ignored/leaky-retry-worker": "timer-loop",
  "context-not-cancelled/leaky-select-done": "select-forever",
  "ticker-loop/leaky-presence": "select-forever",
  "ticker-loop/leaky-price-feed": "channel-receive",
  "timer-loop/leaky-after-select": "select-forever",
};

interface Example {
  readonly name: string;
  readonly cause: string;
}

function listExamples(kind: "leaky" | "healthy"): readonly Example[] {
  return readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((path) => path.includes(`/${kind}-`))
    .toSorted()
    .map((name) => ({ name, cause: name.slice(0, name.indexOf("/")) }));
}

function findCauses(name: string): readonly string[] {
  const goroutines = decodeGoroutineText(readFileSync(`${FOLDER}${name}`));
  return diagnose([{ atMs: 0, goroutines }]).findings.map((finding) => finding.cause);
}

test("every rule has examples of leaking and of healthy services", () => {
  const examples = [...listExamples("leaky"), ...listExamples("healthy")].map(({ name }) => name);
  for (const { cause } of ALL_RULES) {
    expect(examples.some((name) => name.startsWith(`${cause}/leaky-`))).toBe(true);
    expect(examples.some((name) => name.startsWith(`${cause}/healthy-`))).toBe(true);
  }
});

describe("a leaking service is given its cause and nothing else", () => {
  test.each(listExamples("leaky"))("$name", ({ name, cause }) => {
    const other = Object.entries(INDISTINGUISHABLE).find(([start]) => name.startsWith(start))?.[1];
    const expected = other ?? cause;
    const effects = EFFECTS[cause] ?? [];
    const causes = findCauses(name);
    expect(causes).toContain(expected);
    expect(causes.filter((found) => found !== expected && !effects.includes(found))).toEqual([]);
  });
});

describe("no rule finds anything in a healthy service", () => {
  test.each(listExamples("healthy"))("$name", ({ name }) => {
    expect(findCauses(name)).toEqual([]);
  });
});
