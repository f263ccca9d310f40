import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  attach,
  attachToProcess,
  type CaptureRecord,
  captureTasks,
  DEFAULT_TASK_BUDGET,
  isNodeProcess,
  PlaceMemory,
  probe,
} from "@watertight/capture";
import type { Frame } from "@watertight/profile";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNode, NODE_MAJORS } from "../../../e2e/real-parts.ts";
import { findListeningPorts } from "../src/listening-ports.ts";
import { SourceMaps } from "../src/tasks/source-maps.ts";

const program = join(import.meta.dirname, "fixtures/node/suspended.mjs");

/** However busy the machine is, every line is asked for. */
const patient = { standstillMs: 600_000, locateMsMax: 120_000 };

function lineOf(text: string, from = 0): number {
  const lines = readFileSync(program, "utf8").split("\n");
  return lines.findIndex((line, at) => at >= from && line.includes(text)) + 1;
}

async function start(
  node: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; port: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  // A port of its own, since suites run side by side.
  const child = spawn(node, ["--inspect-port=0", ...args], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [port] = (await once(
    createInterface({ input: child.stdout as NodeJS.ReadableStream }),
    "line",
  )) as [string];
  return { child, port };
}

describe.each(NODE_MAJORS)("a process of Node %s that nothing was prepared in", (major) => {
  const node = findNode(major);
  describe.skipIf(node === undefined)("attached to", () => {
    let child: ChildProcess;
    let port: string;
    let before: readonly unknown[];
    let records: readonly CaptureRecord[];

    beforeAll(async () => {
      ({ child, port } = await start(node as string, [program]));
      const pid = child.pid as number;
      before = await findListeningPorts(pid);
      const attached = await attach(pid, { budget: patient });
      records = [await attached.capture(), await attached.capture()];
      await attached.close();
    }, 120_000);
    afterAll(() => child.kill("SIGKILL"));

    const groups = (): NonNullable<CaptureRecord["goroutines"]>["groups"] =>
      records[0]?.goroutines?.groups ?? [];
    const find = (name: string): ReturnType<typeof groups> =>
      groups().filter(({ frames }) => frames.some((frame) => frame.function === name));

    test("two awaits in one function are two groups, each at its line", () => {
      const first = lineOf("if (first) await hold()");
      expect(
        find("twoAwaits").map(({ count, frames }) => ({ count, line: frames[0]?.line })),
      ).toEqual([
        { count: 3, line: first },
        { count: 2, line: first + 1 },
      ]);
    });

    test("a second capture remembers the places of the first, and asks for none again", async () => {
      const session = await attachToProcess(child.pid as number);
      const asked: string[] = [];
      const counting = {
        ...session,
        post: <T>(method: string, params?: object): Promise<T> => {
          if (method === "HeapProfiler.getObjectByHeapObjectId") asked.push(method);
          return session.post<T>(method, params);
        },
      };
      const memory = new PlaceMemory();
      const budget = { ...DEFAULT_TASK_BUDGET, ...patient };
      const first = await captureTasks(counting, { memory, budget });
      const askedFirst = asked.length;
      const second = await captureTasks(counting, { memory, budget });
      await session.close();
      expect(askedFirst).toBeGreaterThan(5);
      expect(asked).toHaveLength(askedFirst);
      // Groups of one size come in the order of the heap, which a collection changes.
      const lines = ({ goroutines }: typeof first): readonly unknown[] =>
        goroutines.groups.map(({ count, frames }) => JSON.stringify([count, frames])).toSorted();
      expect(lines(second)).toEqual(lines(first));
    }, 120_000);

    test("an async generator stands under whoever iterates it", () => {
      const [group] = find("numbers");
      expect(group?.frames.map(({ function: name, line }) => [name, line])).toEqual([
        ["numbers", lineOf("await hold()", lineOf("yield 1"))],
        ["consume", lineOf("for await")],
      ]);
    });

    test("what can never wake is marked, and nothing else", () => {
      expect(
        groups()
          .filter(({ leaked }) => leaked > 0)
          .map(({ frames }) => frames[0]?.function),
      ).toEqual(["stuck"]);
    });

    test("the request of a task is told, without its user", () => {
      expect(find("labelled").map(({ labels }) => labels)).toEqual([{ route: "/orders" }]);
    });

    test("ids are the same in the next capture", () => {
      const idsOf = (record: CaptureRecord | undefined): number[] =>
        (record?.goroutines?.groups ?? [])
          .flatMap(({ ids }) => Array.from(ids))
          .toSorted((a, b) => a - b);
      expect(idsOf(records[0])).toHaveLength(8);
      expect(idsOf(records[1])).toEqual(idsOf(records[0]));
    });

    test("afterwards it listens where it did, and answers", async () => {
      await expect
        .poll(() => findListeningPorts(child.pid as number), { timeout: 20_000 })
        .toEqual(before);
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("alive");
    });

    test("what it serves is not knocked at, by looking for an agent nor by its inspector", async () => {
      const counting =
        "let n = 0; const s = require('node:http').createServer(() => console.log(++n));" +
        "s.listen(0, '127.0.0.1', () => console.log(s.address().port))";
      const other = await start(node as string, ["-e", counting]);
      const pid = other.child.pid as number;
      await expect(probe(String(pid))).rejects.toMatchObject({ code: "WT_CAPTURE_PID_NO_AGENT" });
      const session = await attachToProcess(pid);
      await session.close();
      void fetch(`http://127.0.0.1:${other.port}/`).catch(() => {});
      const [first] = (await once(other.child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
      expect(String(first)).toBe("1\n");
      other.child.kill("SIGKILL");
    });

    test("two awaits on one minified line are two groups", async () => {
      const file = join(import.meta.dirname, "fixtures/node/minified.mjs");
      const text = readFileSync(file, "utf8");
      const other = await start(node as string, [file]);
      const attached = await attach(other.child.pid as number, { budget: patient });
      const captures = [await attached.capture(), await attached.capture()];
      await attached.close();
      other.child.kill("SIGKILL");
      for (const { goroutines } of captures) {
        const stacks = goroutines?.groups.map(({ count, frames }) => [count, frames[0]?.function]);
        expect(stacks).toEqual([
          [2, `f@${text.indexOf("await") + 1}`],
          [1, `f@${text.lastIndexOf("await") + 1}`],
        ]);
      }
    });

    test("a heap whose snapshot would take longer than the budget allows is left alone", async () => {
      const attached = await attach(child.pid as number, { budget: { standstillMs: 1 } });
      const refusal = attached.capture();
      await expect(refusal).rejects.toMatchObject({ code: "WT_CAPTURE_TASKS_TOO_COSTLY" });
      await expect(refusal).rejects.toThrow(/the budget allows 1 ms \(--budget-ms \d+ would/);
      await attached.close();
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("alive");
    });

    test("its inspector closes by itself when whoever attached was killed", async () => {
      const pid = child.pid as number;
      const visitor = await start(process.execPath, [
        "--conditions=watertight-source",
        "--disable-warning=ExperimentalWarning",
        join(import.meta.dirname, "fixtures/node/attach-and-stay.mjs"),
        String(pid),
      ]);
      // It has said that it is attached.
      visitor.child.kill("SIGKILL");
      await expect.poll(() => findListeningPorts(pid), { timeout: 20_000 }).toEqual(before);
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("alive");
    });

    test("one that SIGUSR1 would end is left alone", async () => {
      const other = await start(node as string, ["--disable-sigusr1", program]);
      await expect(attachToProcess(other.child.pid as number)).rejects.toThrow("SIGUSR1");
      expect(other.child.exitCode).toBeNull();
      other.child.kill("SIGKILL");
    });
  });
});

test("a process is known to be Node or not", async () => {
  expect(await isNodeProcess(process.pid)).toBe(true);
  expect(await isNodeProcess(1)).toBe(false);
});

describe("places through source maps", () => {
  const folder = mkdtempSync(join(tmpdir(), "watertight-maps-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  // The second line of the output is the seventh of the source, from its fifth column on.
  const map = { version: 3, sources: ["src/app.ts"], names: [], mappings: ";IAMI" };
  const file = join(folder, "app.js");
  const place = (frame: Partial<Frame> = {}): Promise<Frame> =>
    new SourceMaps().place({ function: "f", file, line: 2, column: 9, ...frame });
  const written = { function: "f", file: join(folder, "src/app.ts"), line: 7 };

  test("that stand beside the file", async () => {
    writeFileSync(file, "a\n    await b;\n//# sourceMappingURL=app.js.map\n");
    writeFileSync(`${file}.map`, JSON.stringify(map));
    expect(await place()).toEqual(written);
  });

  test.each(["x", "y".repeat(20_000)])("that stand in the file, however long", async (padding) => {
    const json = JSON.stringify({ ...map, names: [padding] });
    const data = Buffer.from(json).toString("base64");
    writeFileSync(
      file,
      `a\n    await b;\n//# sourceMappingURL=data:application/json;base64,${data}\n`,
    );
    expect(await place()).toEqual(written);
  });

  test("a line without a column is the first of it that was written", async () => {
    writeFileSync(file, "a\n    await b;\n//# sourceMappingURL=app.js.map\n");
    writeFileSync(`${file}.map`, JSON.stringify(map));
    expect(await place({ column: 0 } as Partial<Frame>)).toEqual(written);
    expect(await place({ column: 2 } as Partial<Frame>)).toEqual({ function: "f", file, line: 2 });
    // A minifier's line is made of lines that are far apart: none of them is it.
    writeFileSync(`${file}.map`, JSON.stringify({ ...map, mappings: ";IAMI,IAoBA" }));
    expect(await place({ column: 0 } as Partial<Frame>)).toEqual({ function: "f", file, line: 2 });
  });

  test.each([
    ["no map", "a\nb\n"],
    ["a map that is gone", "a\nb\n//# sourceMappingURL=gone.map\n"],
    ["a damaged map", "a\nb\n//# sourceMappingURL=data:application/json;base64,e30x\n"],
  ])("are left as they are where there is %s", async (_, text) => {
    writeFileSync(file, text);
    expect(await place()).toEqual({ function: "f", file, line: 2 });
  });

  test("are not looked for in Node itself, nor in files that are not there", async () => {
    for (const other of ["node:net", "??", join(folder, "missing.js")]) {
      expect((await place({ file: other })).file).toBe(other);
    }
  });
});
