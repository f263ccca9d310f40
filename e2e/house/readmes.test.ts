import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listRooms, projectRoot } from "./source-tree.ts";

interface Example {
  readonly code: string;
  /** What it prints, when the README says. */
  readonly output: string | undefined;
}

/** A ```ts block is an example; a ```text block right behind it is what it prints. */
function readExamples(markdown: string): readonly Example[] {
  const blocks = markdown.matchAll(/^```ts\n([\s\S]*?)^```\n(?:\s*```text\n([\s\S]*?)^```)?/gm);
  return [...blocks].map((block) => ({ code: block[1] as string, output: block[2] }));
}

function runExample(room: string, example: Example): string {
  const folder = mkdtempSync(join(projectRoot, room, "readme-example-"));
  try {
    const file = join(folder, "example.ts");
    writeFileSync(file, example.code);
    return execFileSync(process.execPath, ["--conditions=watertight-source", file], {
      cwd: projectRoot,
      encoding: "utf8",
      timeout: 150_000,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(listRooms())("the README of %s", (room) => {
  const path = join(projectRoot, room, "README.md");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";

  test("is there, makes a promise and states its limits", () => {
    expect(text).toMatch(/^# \S+\n\n\S.{20,}/);
    expect(text).toMatch(/^## Limits$/m);
  });

  test("has an example that runs and prints what it says", () => {
    if (room === "packages/cli") return expect(text).toContain("watertight inspect");
    const examples = readExamples(text);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const printed = runExample(room, example);
      if (example.output !== undefined) expect(printed).toBe(example.output);
    }
  });
});
