/** Calls and functions of a compiled file, where they were written. */
import { expect, test } from "vitest";
import { readScriptCalls } from "../src/tasks/script-calls.ts";
import type { WrittenFile } from "../src/tasks/source-maps.ts";
import { toWrittenScripts } from "../src/tasks/written-script.ts";

const BUNDLE = `function __helper() {}
async function load(id) {
  return await stock(id);
}
function order(id) {
  __helper();
  return load(id);
}
order(1);
`;

/** Lines of the bundle by file and line; the helper is the bundler's own. */
const LINES: Readonly<Record<number, readonly [string, number]>> = {
  2: ["/app/stock.ts", 10],
  3: ["/app/stock.ts", 14],
  5: ["/app/orders.ts", 3],
  7: ["/app/orders.ts", 6],
  9: ["/app/orders.ts", 20],
};

const written: WrittenFile = {
  source: undefined,
  find: (line) => {
    const [file, at] = LINES[line] ?? [];
    return file === undefined || at === undefined ? undefined : { file, line: at };
  },
};

test("what a bundler joined is told apart again, and its own helpers are nobody's", () => {
  const script = readScriptCalls(BUNDLE);
  const files = toWrittenScripts(script ?? { functions: [], calls: [] }, written);
  const told = [...files].map(([file, { functions, calls }]) => ({
    file,
    functions: functions.map(({ name, startLine, endLine }) => [name, startLine, endLine]),
    calls: calls.map(({ name, kind, line, within }) => [
      name,
      kind,
      line,
      within.map((each) => each.startLine),
    ]),
  }));
  expect(told).toEqual([
    {
      file: "/app/stock.ts",
      functions: [["load", 10, 14]],
      calls: [
        ["stock", "function", 14, [10]],
        ["id", "argument", 14, [10]],
      ],
    },
    {
      file: "/app/orders.ts",
      functions: [["order", 3, 6]],
      calls: expect.arrayContaining([
        ["load", "function", 6, [3]],
        ["order", "function", 20, []],
      ]),
    },
  ]);
});
