/** Who started it, as the sources of a program say: one answer or none. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CensusEntry, Frame, GoroutineDump } from "@watertight/profile";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placeOrigins } from "../src/tasks/place-origins.ts";
import { readProgramSources } from "../src/tasks/program-sources.ts";
import { readScriptCalls } from "../src/tasks/script-calls.ts";
import { SourceMaps } from "../src/tasks/source-maps.ts";

const FILES = {
  "shop.mjs": `import { spawn as start } from "node:child_process";
import { createSocket } from "node:dgram";
import { askStock } from "./stock.mjs";
const loads = new Map();

async function load(id) {
  return await loads.get(id);
}
async function order(id) {
  watch(id);
  return await load(id);
}
function watch(id) {
  bus.on("price", () => id);
}
function poll(job) {
  setTimeout(() => poll(job), 10);
}
function run() {
  poll(1);
  start("cat");
  createSocket("udp4");
}
function send() {
  createSocket("udp6");
}
class Redis {
  constructor(port) {
    this.socket = connect(port);
  }
  fetchUser(id) {
    return this.socket.ask(id);
  }
}
function user(id) {
  return new Redis(1).fetchUser(id);
}
async function part(name) {
  await loads.get(name);
}
function page() {
  return ["head", "foot"].map(part);
}
async function twice() {
  await loads.get(1);
}
twice();
twice();
askStock();
`,
  "stock.mjs": `export async function askStock() {
  await new Promise(() => {});
}
`,
  "typed.ts": `export async function typed(id: number): Promise<void> {
  await new Promise<void>(() => {});
}
export const all = async (ids: readonly number[]) => { for (const id of ids) void typed(id); };
`,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "watertight-origins-"));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true }));

function at(name: string, line: number, file = "shop.mjs"): Frame {
  return { function: name, file: join(folder, file), line };
}

async function place(
  frames: readonly Frame[],
  entries: readonly CensusEntry[] = [],
  startedMs = Number.POSITIVE_INFINITY,
): Promise<GoroutineDump> {
  const files = Object.keys(FILES).map((name) => join(folder, name));
  const sources = await readProgramSources([...files, "node:fs", "/gone.js"], {
    maps: new SourceMaps(),
    startedMs,
    memory: new Map(),
  });
  const group = { frames, createdBy: undefined } as unknown as GoroutineDump["groups"][number];
  const census = { entries, heapBytes: 0, externalBytes: 0 };
  return placeOrigins({ groups: [group], census } as unknown as GoroutineDump, sources);
}

async function creatorOf(...frames: readonly Frame[]): Promise<Frame | undefined> {
  return (await place(frames)).groups[0]?.createdBy;
}

async function placed(entry: Partial<CensusEntry>): Promise<CensusEntry | undefined> {
  const whole = { kind: "handle", name: "", count: 1, bytes: 0, ids: new Float64Array(), ...entry };
  return (await place([], [whole as CensusEntry])).census?.entries[0];
}

describe("the line that started a task", () => {
  test("is the only one that calls the outermost function that waits", async () => {
    expect(await creatorOf(at("load", 7))).toEqual(at("order", 11));
  });

  test("is that of another file, where the function is imported", async () => {
    expect(await creatorOf(at("askStock", 2, "stock.mjs"))).toEqual(at("(anonymous)", 49));
  });

  test("is where the function is handed to another that calls it", async () => {
    expect(await creatorOf(at("part", 39))).toEqual(at("page", 42));
  });

  test("is read from TypeScript as well", async () => {
    expect(await creatorOf(at("typed", 2, "typed.ts"))).toEqual(at("all", 4, "typed.ts"));
  });

  test("is not guessed where two lines call it", async () => {
    expect(await creatorOf(at("twice", 45))).toBeUndefined();
  });

  test("is not guessed where nobody calls it, or it has no name", async () => {
    expect(await creatorOf(at("order", 11))).toBeUndefined();
    expect(await creatorOf(at("(anonymous)", 42))).toBeUndefined();
    expect(await creatorOf(at("readFile", 7, "node_modules/pg/index.js"))).toBeUndefined();
  });

  test("is not read from a file that was written after the process started", async () => {
    const dump = await place([at("load", 7)], [], 0);
    expect(dump.groups[0]?.createdBy).toBeUndefined();
  });
});

describe("the line behind what a census counts", () => {
  test("has a caller, a function that calls itself left out", async () => {
    const timer = await placed({ kind: "timer", name: "Timeout", place: at("(anonymous)", 17) });
    expect(timer?.creator).toEqual(at("run", 20));
  });

  test("in a constructor is started by the line that makes the object", async () => {
    const socket = await placed({ name: "Socket", place: at("Redis", 29) });
    expect(socket?.creator).toEqual(at("user", 36));
  });

  test("is the only one that makes such a thing, by whatever name it was imported", async () => {
    const child = await placed({ name: "ChildProcess" });
    expect(child?.place).toEqual(at("run", 21));
  });

  test("is the only one that listens to the event", async () => {
    const listeners = await placed({ kind: "listeners", name: "Bus.price" });
    expect(listeners).toMatchObject({ place: at("watch", 14), creator: at("order", 10) });
  });

  test("is one of those that make such things, where there are several", async () => {
    const socket = await placed({ name: "UDP socket" });
    expect(socket?.place).toBeUndefined();
    expect(socket?.candidates).toEqual([at("run", 22), at("send", 25)]);
  });

  test("stays unknown where no line of the program makes such things", async () => {
    const worker = await placed({ name: "Worker" });
    expect(worker).not.toHaveProperty("place");
    expect(worker).not.toHaveProperty("candidates");
  });
});

test("what is not JavaScript has no calls", () => {
  expect(readScriptCalls("const = <div/>")).toBeUndefined();
  expect(readScriptCalls("")).toEqual({ functions: [], calls: [] });
});

test("files whose async functions were made into generators are counted", async () => {
  const lowered = join(folder, "lowered.js");
  await writeFile(
    lowered,
    `function load() {\n  return __awaiter(this, void 0, void 0, function* () {\n    yield ask();\n  });\n}\n`,
  );
  const read = (files: readonly string[]) =>
    readProgramSources(files, {
      maps: new SourceMaps(),
      startedMs: Number.POSITIVE_INFINITY,
      memory: new Map(),
    });
  const written = Object.keys(FILES).map((name) => join(folder, name));
  expect((await read(written)).loweredFiles).toBe(0);
  expect((await read([...written, lowered])).loweredFiles).toBe(1);
});
