import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readErrorTables, renderErrorDocs } from "../../scripts/error-tables.ts";
import { listFiles, listRooms, projectRoot } from "./source-tree.ts";

const tables = await readErrorTables(projectRoot, listRooms());

test("docs/errors.md says exactly what the code's error tables say (npm run docs writes it)", () => {
  expect(readFileSync(join(projectRoot, "docs/errors.md"), "utf8")).toBe(renderErrorDocs(tables));
});

test("every code names its room, and says what to do", () => {
  for (const { room, entries } of tables) {
    const prefix = `WT_${room.replace("packages/", "").toUpperCase()}_`;
    for (const [code, entry] of Object.entries(entries)) {
      expect(code.startsWith(prefix), `${code} should start with ${prefix}`).toBe(true);
      expect(entry.message, code).toMatch(/[.:!]$|\}$/);
      expect(entry.remedy.length, `${code} has no remedy`).toBeGreaterThan(10);
    }
  }
});

test("every code that is declared is raised somewhere", () => {
  const text = listRooms()
    .flatMap((room) => listFiles(`${room}/src`))
    .filter((path) => path.endsWith(".ts") && !path.endsWith("/errors.ts"))
    .map((path) => readFileSync(join(projectRoot, path), "utf8"))
    .join("\n");
  const codes = tables.flatMap((table) => Object.keys(table.entries));
  expect(codes.filter((code) => !text.includes(code))).toEqual([]);
});
