/** What this toolkit does in a program is never told as the program's: a checkout of it stands beside the program. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { attach } from "@watertight/capture";
import type { CensusEntry, GoroutineDump } from "@watertight/profile";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNode } from "../../../e2e/real-parts.ts";
import { findToolkit } from "../src/tasks/leave-out-machinery.ts";
import { placeOrigins } from "../src/tasks/place-origins.ts";
import type { ProgramCall } from "../src/tasks/program-sources.ts";

const OPENS = `import { open } from "node:fs";
export function keep(path) {
  open(path, () => {});
}
`;
const FILES = {
  "packages/agent/package.json": `{ "name": "@watertight/agent" }`,
  "packages/agent/src/address.mjs": OPENS,
  "packages/agent/src/deep/tasks.mjs": OPENS,
  "packages/agent/test/service.mjs": OPENS,
  "shop/package.json": `{ "name": "shop", "type": "module" }`,
  "shop/src/empty/package.json": `{ "type": "commonjs" }`,
  "shop/src/empty/files.mjs": OPENS,
  "shop/src/service.mjs": `import { keep as watch } from "../../packages/agent/src/address.mjs";
import { keep } from "./empty/files.mjs";
watch(process.argv[1]);
keep(process.argv[1]);
setInterval(() => {}, 1000);
console.log("started");
`,
};

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "watertight-toolkit-")));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test("files of this toolkit's packages are its own, and no others", async () => {
  const scripts = Object.keys(FILES).filter((name) => name.endsWith(".mjs"));
  const isToolkit = await findToolkit([
    ...scripts.map((name) => join(folder, name)),
    "node:fs",
    "/gone/a.js",
    "",
  ]);
  expect(scripts.filter((name) => isToolkit(join(folder, name)))).toEqual([
    "packages/agent/src/address.mjs",
    "packages/agent/src/deep/tasks.mjs",
  ]);
  expect(isToolkit("node:fs")).toBe(false);
});

describe("what is counted at a line", () => {
  const call = {
    name: "connect",
    kind: "function",
    imported: { module: "net", name: "connect" },
    file: "/shop/db.mjs",
    line: 7,
    within: [],
  } as unknown as ProgramCall;
  const place = (file: string): CensusEntry | undefined => {
    const at = { function: "listen", file, line: 3 };
    const entry = { kind: "handle", name: "Socket", place: at } as unknown as CensusEntry;
    const census = { entries: [entry], heapBytes: 0, externalBytes: 0 };
    const dump = { groups: [], census } as unknown as GoroutineDump;
    const sources = { calls: [call], functionsAt: () => [], loweredFiles: 0 };
    const isToolkit = (of: string): boolean => of.startsWith("/packages/agent/src/");
    return placeOrigins(dump, sources, isToolkit).census?.entries[0];
  };

  test("of this toolkit stays there, although one line of the program makes such things", () => {
    expect(place("/packages/agent/src/serve.ts")?.place?.file).toBe("/packages/agent/src/serve.ts");
  });

  test("of the program is told at the one line that makes such things", () => {
    expect(place("/shop/listen.mjs")?.place).toMatchObject({ file: "/shop/db.mjs", line: 7 });
  });
});

const node = findNode("24");
describe.skipIf(node === undefined)("a process that has this toolkit loaded", () => {
  let child: ChildProcess;
  beforeAll(async () => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const program = join(folder, "shop/src/service.mjs");
    // A port of its own, since suites run side by side.
    const stdio = ["ignore", "pipe", "ignore"] as const;
    child = spawn(node as string, ["--inspect-port=0", program], { env, stdio: [...stdio] });
    await once(child.stdout as NodeJS.ReadableStream, "data");
  });
  afterAll(() => child.kill("SIGKILL"));

  test("has its open files told at the program's only line that opens any", async () => {
    const attached = await attach(child.pid as number);
    const { goroutines } = await attached.capture();
    await attached.close();
    const files = goroutines?.census?.entries.find(({ name }) => name === "open file");
    expect(files).toMatchObject({
      place: { function: "keep", file: join(folder, "shop/src/empty/files.mjs"), line: 3 },
      creator: { file: join(folder, "shop/src/service.mjs"), line: 4 },
    });
  }, 60_000);
});
