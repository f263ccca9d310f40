/** A task profile is refused where it would stop the process for longer than it may. */
import { capture } from "@watertight/capture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNode } from "../../../e2e/real-parts.ts";
import { ask, NodeProgram, TOKEN } from "./node-program.ts";

const node = findNode("24");

describe.skipIf(node === undefined)("a budget of one millisecond", { timeout: 120_000 }, () => {
  let program: NodeProgram;
  let url: string;
  let port: string;

  beforeAll(async () => {
    program = new NodeProgram(node as string, "orders.mjs", {
      env: { WATERTIGHT_STANDSTILL_MS: "1" },
    });
    url = await program.line();
    port = await program.line();
  });
  afterAll(async () => await program[Symbol.asyncDispose]());

  test.each(["goroutine?debug=2", "goroutineleak", "census", "heap?gc=1"])(
    "%s is refused with what it would take and how to allow it, and the service goes on",
    async (path) => {
      const answer = await ask(`${url}/${path}`);
      expect(answer.status).toBe(503);
      const text = await answer.text();
      expect(text).toMatch(
        /about \d+ ms of standstill for \d+ MB of heap in use, the budget allows 1 ms/,
      );
      expect(text).toContain("standstill_ms=");
      expect(text).toContain("WATERTIGHT_STANDSTILL_MS");
      expect(text).toContain("WT_AGENT_TOO_COSTLY");
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("ok");
    },
  );

  test("capture says so in an error of its own, with the flag that would allow it", async () => {
    const refusal = capture(url, ["goroutines", "leaks"], {}, { bearerToken: TOKEN });
    await expect(refusal).rejects.toMatchObject({ code: "WT_CAPTURE_TASKS_TOO_COSTLY" });
    await expect(refusal).rejects.toThrow(/allows 1 ms \(--budget-ms \d+ would allow it\)/);
  });

  test("a heap profile that needs no collection is given all the same", async () => {
    expect((await ask(`${url}/heap`)).status).toBe(200);
  });

  test("what else was asked for is captured all the same", async () => {
    const kinds = ["goroutines", "requests"] as const;
    const record = await capture(url, kinds, {}, { bearerToken: TOKEN });
    expect(record.requestsServed).toBeGreaterThan(0);
    expect(record.problems.map(({ code }) => code)).toEqual(["WT_CAPTURE_TASKS_TOO_COSTLY"]);
  });

  test("a raised one lets it through, once", async () => {
    const budget = { standstillMs: 600_000 };
    const record = await capture(url, ["goroutines"], budget, { bearerToken: TOKEN });
    expect(record.problems).toEqual([]);
    expect(record.goroutines?.total).toBe(4);
    expect(record.goroutines?.census?.entries.length).toBeGreaterThan(0);
    expect((await ask(`${url}/goroutine?debug=2`)).status).toBe(503);
  });

  test.each(["-1", "many", "1e3", "3600001", ""])("standstill_ms=%s is refused", async (value) => {
    const answer = await ask(`${url}/goroutine?debug=2&standstill_ms=${value}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("WT_AGENT_PARAMETER");
  });
});

test.skipIf(node === undefined)("a heap beyond what it may have is refused too", async () => {
  await using program = new NodeProgram(node as string, "orders.mjs", {
    env: { WATERTIGHT_HEAP_MB: "1" },
  });
  const url = await program.line();
  const refusal = capture(url, ["goroutines"], {}, { bearerToken: TOKEN });
  await expect(refusal).rejects.toMatchObject({ code: "WT_CAPTURE_HEAP_TOO_LARGE" });
  await expect(refusal).rejects.toThrow(/\d+ MB of heap are in use and the budget is 1 MB/);
});
