/** By whatever name a script calls what it imported, it is known for what it is; and nothing else is taken for it. */
import { describe, expect, test } from "vitest";
import { readScriptCalls } from "../src/tasks/script-calls.ts";

/** Module and export behind the call that is given an "a". */
function calledBy(source: string): string | undefined {
  const imported = readScriptCalls(source)?.calls.find(({ text }) => text === "a")?.imported;
  return imported && `${imported.module}.${imported.name}`;
}

describe("a call is known for what it was imported as", () => {
  test.each([
    ["by name", `import { open } from "node:fs"; open("a");`],
    ["by another name", `import { open as start } from "fs"; start("a");`],
    ["as a property of its module", `import fs from "node:fs"; fs.open("a");`],
    ["by require", `const { open: start } = require("node:fs"); start("a");`],
    ["as a property of what is required", `const open = require("fs").open; open("a");`],
    ["by an import at run time", `const fs = await import("node:fs"); fs.open("a");`],
    ["taken out of its module", `import * as fs from "fs"; const { open } = fs; open("a");`],
    ["given another name", `import fs from "fs"; const start = fs.open; start("a");`],
    [
      "made to promise",
      `import { open } from "fs"; import { promisify } from "util";
       const openFile = promisify(open); async function read() { await openFile("a"); }`,
    ],
    [
      "made to promise by a property of a module",
      `const fs = require("fs"), util = require("util");
       const openFile = util.promisify(fs.open); openFile("a");`,
    ],
    [
      "named twice",
      `import fs from "fs"; const first = fs.open; const second = first; second("a");`,
    ],
  ])("%s", (_, source) => {
    expect(calledBy(source)).toBe("fs.open");
  });

  test.each([
    `import fs from "node:fs"; fs.promises.open("a");`,
    `import { promises as fs } from "fs"; fs.open("a");`,
    `const { open } = require("fs").promises; open("a");`,
    `const fs = require("fs"); const { promises } = fs; promises.open("a");`,
    `import { open } from "fs/promises"; open("a");`,
  ])("of the promises of its module: %s", (source) => {
    expect(calledBy(source)).toBe("fs/promises.open");
  });
});

describe("a call is not taken for an import", () => {
  test.each([
    ["of an object without a name", `import { open } from "fs"; this.store.open("a");`],
    ["deep inside of a module", `import http from "http"; http.globalAgent.sockets.get("a");`],
    [
      "of what something imported returns",
      `import { open } from "fs"; const file = open(); file("a");`,
    ],
    ["of what nobody imported", `const open = store.open; open("a");`],
    [
      "of a property that is computed",
      `import fs from "fs"; const { [open]: start } = fs; start("a");`,
    ],
  ])("%s", (_, source) => {
    expect(calledBy(source)).toBeUndefined();
  });

  test("when its name was imported, whatever else was called so", () => {
    const source = `import fs from "fs"; import { start } from "./jobs.ts";
      function other() { const start = fs.open; } start("a");`;
    expect(calledBy(source)).toBe("./jobs.ts.start");
  });
});
