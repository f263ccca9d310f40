/** Series of real Node programs, each leak beside its healthy twin: the causes that are named, and the silence. */
import { describe, expect, test } from "vitest";
import { diagnose } from "../src/index.ts";
import { CENSUS_CAUSES } from "../src/node/census-causes.ts";
import { NODE_RULES } from "../src/rules/node/all-node-rules.ts";
import { listRecorded, readRecordedProgram, type RecordedProgram } from "./recorded-node-series.ts";

const RECORDED: readonly RecordedProgram[] = listRecorded().map(readRecordedProgram);
const LEAKY = RECORDED.filter(({ twin }) => twin === "leaky");
const HEALTHY = RECORDED.filter(({ twin }) => twin === "healthy");

/** Causes whose line is looked up by what the heap knows, and not always found there. */
const PLACED_BY_NAME: ReadonlySet<string> = new Set(["handle-leak", "unclosed-body"]);

describe("a recorded Node program that leaks", () => {
  test.each(LEAKY)("is given its cause, and nothing else: $name", ({ captures, causes, lines }) => {
    const { findings } = diagnose(captures);
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(causes).toContain(finding?.cause);
    expect(finding?.growth?.perRequest ?? 0.5).toBeGreaterThan(0.2);
    if (!PLACED_BY_NAME.has(finding?.cause ?? "")) expect(lines).toContain(finding?.site?.line);
  });

  test.each(LEAKY)("is found from four captures as well: $name", ({ captures, causes }) => {
    const found = diagnose(captures.slice(0, 4)).findings.map(({ cause }) => cause);
    expect(found.filter((cause) => causes.includes(cause))).toHaveLength(1);
  });
});

describe("a recorded Node program that is healthy", () => {
  test.each(HEALTHY)("is not accused, however long it is watched: $name", ({ captures }) => {
    for (let length = 1; length <= captures.length; length++) {
      expect(diagnose(captures.slice(0, length)).findings).toEqual([]);
    }
  });
});

test("each cause of Node has a recorded leak and its healthy twin", () => {
  const causes = [...NODE_RULES, ...Object.values(CENSUS_CAUSES)].map(({ cause }) => cause);
  for (const cause of causes) {
    expect(LEAKY.some((program) => program.causes.includes(cause))).toBe(true);
    expect(HEALTHY.some(({ name }) => name.startsWith(`${cause}/`))).toBe(true);
  }
});
