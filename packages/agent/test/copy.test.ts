/** Task profiles of a copy of the process: what they tell, and what they do to the process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeCensus } from "@watertight/capture";
import { decodeGoroutineText, type GoroutineDump } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { findNativeCopy, findNode, NODE_MAJORS } from "../../../e2e/real-parts.ts";
import { CopiedProcess } from "../src/copy/copied-process.ts";
import { loadNativeCopy } from "../src/copy/native-copy.ts";
import { endNow, isAlive, listChildren, listOpenKinds, nextCopy } from "./copies.ts";
import { ask, NodeProgram } from "./node-program.ts";

const isHere = findNativeCopy() !== undefined && findNode("22") !== undefined;

async function takeTasks(url: string): Promise<GoroutineDump> {
  const answer = await ask(`${url}/goroutine?debug=2`);
  expect(answer.status).toBe(200);
  return decodeGoroutineText(new Uint8Array(await answer.arrayBuffer()));
}

async function readNotes(url: string): Promise<readonly string[]> {
  const answer = await ask(`${url}/census`);
  return decodeCensus(new Uint8Array(await answer.arrayBuffer())).notes;
}

function withoutIds({ groups }: GoroutineDump): unknown {
  return groups.map((group) => ({
    ...group,
    ids: group.ids.length,
    witnesses: group.witnesses.length,
  }));
}

const idsOf = ({ groups }: GoroutineDump): readonly number[] =>
  groups.flatMap(({ ids }) => [...ids]).toSorted((a, b) => a - b);

describe.skipIf(!isHere).each(NODE_MAJORS)(
  "a copy of a process of Node %s",
  { timeout: 120_000 },
  (major) => {
    const start = async (env: Readonly<Record<string, string>> = {}) => {
      const program = new NodeProgram(findNode(major) as string, "orders.mjs", { env });
      return { program, pid: program.child.pid as number, url: await program.line() };
    };

    test("tells what the process itself tells", async () => {
      const own = await start({ WATERTIGHT_TASK_COPY: "off" });
      await using _own = own.program;
      const copied = await start();
      await using _copied = copied.program;
      const tasks = await takeTasks(copied.url);
      expect(tasks.total).toBe(4);
      expect(withoutIds(tasks)).toEqual(withoutIds(await takeTasks(own.url)));
      expect(await readNotes(copied.url)).toEqual(await readNotes(own.url));
    });

    test("knows a task again from the copy before, and that nothing of that is left", async () => {
      const { program, pid, url } = await start();
      await using _ = program;
      const first = await takeTasks(url);
      const open = listOpenKinds(pid);
      const second = await takeTasks(url);
      expect(idsOf(second)).toEqual(idsOf(first));
      expect(new Set(idsOf(first)).size).toBe(4);
      expect(listChildren(pid)).toEqual([]);
      // The test's own connection closes when it does; anything else stays.
      while (listOpenKinds(pid).length > open.length) await sleep(10);
      expect(program.stderr).toBe("");
    });

    test("holds none of the service's files and sockets, and is the first to go", async () => {
      const { program, pid, url } = await start();
      await using _ = program;
      const port = await program.line();
      const controller = new AbortController();
      const tasks = takeTasks(url).finally(() => controller.abort());
      const copy = (await nextCopy(pid, controller.signal)) as number;
      process.kill(copy, "SIGSTOP");
      const others = listOpenKinds(copy).filter((kind) => kind !== "/dev/null");
      expect(others.filter((kind) => !["pipe", "socket"].includes(kind))).toEqual([]);
      expect(others.length).toBeLessThanOrEqual(3);
      expect(readFileSync(`/proc/${copy}/oom_score_adj`, "latin1").trim()).toBe("1000");
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("ok");
      process.kill(copy, "SIGCONT");
      expect((await tasks).total).toBe(4);
    });

    test("that is lost leaves the profile to the next one, and in the end to the process", async () => {
      const { program, pid, url } = await start();
      await using _ = program;
      const controller = new AbortController();
      const tasks = takeTasks(url).finally(() => controller.abort());
      const killed = new Set<number>();
      for (let copy; (copy = await nextCopy(pid, controller.signal)) !== undefined;) {
        if (endNow(copy)) killed.add(copy);
      }
      expect((await tasks).total).toBe(4);
      expect(killed.size).toBe(3);
      expect(await readNotes(url)).toEqual([
        expect.stringMatching(/^The profile was taken in the process itself, .+: .+\.$/),
      ]);
      expect(listChildren(pid)).toEqual([]);
    });

    test("ends with the process", async () => {
      const { program, pid, url } = await start();
      const controller = new AbortController();
      const answer = ask(`${url}/goroutine`)
        .catch(() => undefined)
        .finally(() => controller.abort());
      const copy = (await nextCopy(pid, controller.signal)) as number;
      process.kill(copy, "SIGSTOP");
      await program[Symbol.asyncDispose]();
      await answer;
      while (isAlive(copy)) await sleep(10);
    });
  },
);

/** Waits for another thread, as a copy does that was made at a bad moment. */
const WAITS_FOR_EVER = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)";

test.skipIf(!isHere)("a copy that waits for a thread it has not got is given up", async () => {
  const channels = loadNativeCopy()?.openChannels();
  if (!channels) throw new Error("there are no channels");
  const [snapshot, snapshotEnd, questions, questionsEnd] = channels;
  const child = spawn(process.execPath, ["-e", WAITS_FOR_EVER], {
    stdio: ["ignore", snapshotEnd, questionsEnd],
  });
  for (const end of [snapshotEnd, questionsEnd]) closeSync(end);
  const ended = once(child, "exit");
  const copied = new CopiedProcess({ pid: child.pid as number, snapshot, questions });
  await copied.readSnapshot(() => {});
  expect(await ended).toEqual([null, "SIGKILL"]);
  await expect(copied.post("Runtime.getHeapUsage")).rejects.toThrow("ended early");
  await copied.close();
});
