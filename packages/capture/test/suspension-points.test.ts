/** Where functions can be suspended, by their source; and that V8 says the same of those that are. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  attachToProcess,
  captureTasks,
  DEFAULT_TASK_BUDGET,
  type InspectorSession,
} from "@watertight/capture";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findNode, NODE_MAJORS } from "../../../e2e/real-parts.ts";
import { readSuspensionPoints } from "../src/tasks/suspension-points.ts";

/** The only place of the function that starts at `§`, as the text that stands there. */
function onlyOf(marked: string): string | undefined {
  const at = marked.indexOf("§");
  const source = marked.replace("§", "");
  const before = source.slice(0, at).split("\n");
  const place = readSuspensionPoints(source)?.singlePlaceOf({
    line: before.length,
    column: (before.at(-1) as string).length + 1,
  });
  if (!place) return undefined;
  const line = source.split("\n")[place.line - 1] as string;
  return line.slice(place.column - 1).trim();
}

describe("A function with one await", () => {
  it.each([
    ["a declaration", "async function f§(a) {\n  await a;\n}", "await a;"],
    ["an arrow", "const f = §async (a) => await a.b();", "await a.b();"],
    [
      "an arrow with an expression over lines",
      "const f = §async (a) => [\n  await a\n];",
      "await a",
    ],
    ["a method", "class K { async m§() {\n return await this.x; } }", "await this.x; } }"],
    ["a private method", "class K { async #m§() {\n await 1; } }", "await 1; } }"],
    ["one in a loop", "async function f§() {\n for (;;) {\n  await tick();\n } }", "await tick();"],
    [
      "one beside those of a function within",
      "async function f§() {\n const g = async () => { await 1; await 2; };\n await g();\n}",
      "await g();",
    ],
    [
      "one after a hashbang",
      "#!/usr/bin/env node\nasync function f§() {\n await 1;\n}",
      "await 1;",
    ],
    ["one in a script that returns", "async function f§() {\n await 1;\n}\nreturn;", "await 1;"],
  ])("stands nowhere else: %s", (_name, source, expected) => {
    expect(onlyOf(source)).toBe(expected);
  });

  it.each([
    ["two awaits", "async function f§() { await 1; await 2; }"],
    ["none", "async function f§() {}"],
    ["for await", "async function f§(i) { for await (const x of i) use(x); }"],
    ["an await and for await", "async function f§(i) { for await (const x of await i) use(x); }"],
    ["await using", "async function f§() { await using x = await open(); }"],
    ["a generator", "async function* f§() { await 1; }"],
    ["the top level of a module", "§await 1;"],
    ["another place than a function's", "async function f() { await 1; }\n§f();"],
  ])("is told from one that has to be asked for: %s", (_name, source) => {
    expect(onlyOf(source)).toBeUndefined();
  });

  it("is not read from what is not JavaScript, and deep nesting is no matter", () => {
    expect(readSuspensionPoints("async function f( {")).toBeUndefined();
    expect(readSuspensionPoints("const a: number = 1;")).toBeUndefined();
    const nested = (depth: number): string =>
      `async function f() {\n await (${"1+".repeat(depth)}1);\n}`;
    const place = { line: 1, column: 17 };
    expect(readSuspensionPoints(nested(500))?.singlePlaceOf(place)).toEqual({ line: 2, column: 2 });
    expect(readSuspensionPoints(nested(500_000))).toBeUndefined();
  });

  it("answers for any place of any text without failing", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(100), fc.nat(100), (text, line, column) => {
        readSuspensionPoints(text)?.singlePlaceOf({ line, column });
      }),
    );
  });
});

const UNHURRIED = {
  ...DEFAULT_TASK_BUDGET,
  standstillMs: 600_000,
  locationsMax: 1000,
  locateMsMax: 120_000,
};

const PROGRAM = `
const held = [];
const hold = () => new Promise((resolve) => held.push(resolve));
async function declared() { await hold(); }
const arrow = async (x) => { const y = x; return [
  y, await hold() ]; };
class Kept { async method(a,
  b = () => 1) { if (a) return await
    hold(); } }
async function looped() { for (;;) { const x = 1 + (await hold()); if (x) continue; } }
const outer = async () => { const inner = async () => { await hold(); }; await inner(); };
async function several(first) { if (first) await hold();
  await hold(); }
async function iterated() { for await (const x of [hold()]) held.push(x); }
(globalThis.kept ??= []).push(held, declared(), arrow(1), new Kept().method(1), looped(), outer(), several(true), several(false), iterated());
(async () => { await hold(); })();
`;

const FILES: Readonly<Record<string, string>> = {
  "plain.mjs": PROGRAM,
  "wide.mjs": `// 東京${PROGRAM}`,
  "required.cjs": `#!/usr/bin/env node\n${PROGRAM}`,
  "typed.ts": `const typed: number = 1;${PROGRAM}`,
  "main.mjs": `
import "./plain.mjs"; import "./wide.mjs"; import "./required.cjs"; import "./typed.ts";
setInterval(() => {}, 1000);
console.log("ready");
`,
};

interface Placed {
  readonly lines: readonly string[];
  readonly asked: number;
}

describe.each(NODE_MAJORS)("Of a process of Node %s", (major) => {
  const node = findNode(major);
  let folder: string;
  let child: ChildProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "watertight-awaits-"));
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
    if (node === undefined) return;
    // A port of its own, since suites run side by side.
    child = spawn(node, ["--inspect-port=0", join(folder, "main.mjs")], {
      env: {},
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(child.stdout as NodeJS.ReadableStream, "data");
  });
  afterAll(async () => {
    child?.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  async function place(): Promise<Placed> {
    const session = await attachToProcess(child.pid as number);
    let asked = 0;
    const counting: InspectorSession = {
      ...session,
      post: (method, params) => {
        if (method === "HeapProfiler.getObjectByHeapObjectId") asked++;
        return session.post(method, params);
      },
    };
    const { goroutines } = await captureTasks(counting, { budget: UNHURRIED });
    await session.close();
    const lines = goroutines.groups.flatMap(({ count, frames }) =>
      frames.map((frame) => `${count} ${frame.function} ${frame.file}:${frame.line}`),
    );
    return { lines: lines.toSorted(), asked };
  }

  it.skipIf(node === undefined)(
    "the sources say what V8 says of the awaits, and leave only a few to ask for",
    async () => {
      const read = await place();
      // Once a file was written after the process started, it is not taken for what runs.
      const later = new Date(Date.now() + 60_000);
      for (const name of Object.keys(FILES)) await utimes(join(folder, name), later, later);
      const asked = await place();
      expect(read.lines).toEqual(asked.lines);
      expect(read.lines.join("\n")).toMatch(/typed\.ts:\d+\n/);
      // Four files hold three functions of several awaits, one of them at two places.
      expect(read.asked).toBe(12);
      expect(asked.asked).toBeGreaterThan(32);
    },
    120_000,
  );
});
