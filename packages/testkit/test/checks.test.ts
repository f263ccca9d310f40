import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import {
  checkBody,
  ignoreCreatedBy,
  ignoreCurrent,
  ignoreTopFunction,
  maxWaitMs,
} from "../src/index.ts";
import { runInScope } from "../src/current-scope.ts";
import { openScopeCheck } from "../src/scope-check.ts";

async function waitForever(): Promise<void> {
  await new Promise(() => {});
}

function startPoller(): () => Promise<void> {
  return waitForever;
}

describe("checkBody", () => {
  test("gives nothing for a body that leaves nothing, at once", async () => {
    expect(await checkBody(() => 1)).toEqual([]);
  });

  test("names the await, the creator, the stack and the fix", async () => {
    const [finding, ...others] = await checkBody(() => void waitForever(), maxWaitMs(20));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      cause: "promise-pending",
      runtime: "node",
      unit: "tasks",
      count: 1,
      state: "await",
      certainty: "proven",
      site: { function: "waitForever", file: import.meta.filename, line: 16 },
      fix: { docs: "docs/causes/promise-pending.md" },
    });
    expect(finding?.creator?.line).toBeGreaterThan(20);
    expect(finding?.evidence[0]?.frames?.[0]?.function).toBe("waitForever");
  });

  test("adds up what is stuck at one place, and keeps two awaits of one line apart", async () => {
    const never = new Promise(() => {});
    const two = async (): Promise<void> => void [Math.random() < 2 ? await never : 0, await never];
    const findings = await checkBody(() => {
      for (let round = 0; round < 5; round += 1) void waitForever();
      void two();
    }, maxWaitMs(20));
    expect(findings.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual([1, 5]);
  });

  test("passes late finishers on what the body itself did not wait for", async () => {
    expect(await checkBody(() => void sleep(50))).toEqual([]);
  });

  test("throws on what the body throws", async () => {
    await expect(checkBody(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });

  test("sees nothing of what runs beside it", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const beside = (async () => await promise)();
    expect(await checkBody(() => 1, maxWaitMs(20))).toEqual([]);
    resolve();
    await beside;
  });

  test("tells the leaks of concurrent bodies apart", async () => {
    const bodies = [false, true, false, true].map((leaks) =>
      checkBody(async () => {
        await sleep(5);
        if (leaks) void waitForever();
        await sleep(5);
      }, maxWaitMs(20)),
    );
    const counts = (await Promise.all(bodies)).map((findings) => findings.length);
    expect(counts).toEqual([0, 1, 0, 1]);
  });

  describe("after more awaits than it can afford stacks for", () => {
    /** Enough of them, at a tenth of a millisecond each, to spend what a scope may spend at once. */
    const COSTLY = 280;
    const CHEAP = 20_000;

    const check = async (pauseMs: number) => {
      let clockMs = 0;
      let stepMs = 0.1;
      const scopeCheck = openScopeCheck("a busy body", { now: () => (clockMs += stepMs) });
      await runInScope(scopeCheck.scope, async () => {
        for (let round = 0; round < COSTLY; round += 1) await Promise.resolve();
        stepMs = 0;
        for (let round = 0; round < CHEAP; round += 1) await Promise.resolve();
        clockMs += pauseMs;
        void waitForever();
      });
      return await scopeCheck.finish([maxWaitMs(0)]);
    };

    test("sees nothing of what begins at once", async () => {
      expect(await check(0)).toEqual([]);
    });

    test("names the very next one once time has passed", async () => {
      const findings = await check(1_000);
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({
        count: 1,
        cause: "promise-pending",
        site: { function: "waitForever", line: 16 },
      });
    });
  });
});

describe("options", () => {
  test("ignoreTopFunction lets pass what is stuck in a function", async () => {
    const passed = await checkBody(() => void waitForever(), ignoreTopFunction("waitForever"));
    expect(passed).toEqual([]);
    const other = ignoreTopFunction("waitForeve");
    expect(await checkBody(() => void waitForever(), other, maxWaitMs(10))).toHaveLength(1);
  });

  test("ignoreCreatedBy lets pass what a function set in motion", async () => {
    const createPool = (): void => void startPoller()();
    expect(await checkBody(createPool, ignoreCreatedBy("createPool"))).toEqual([]);
  });

  test("ignoreCurrent lets pass what was there when it was called", async () => {
    let option = maxWaitMs(10);
    const body = (): void => {
      void waitForever();
      option = ignoreCurrent();
    };
    expect(await checkBody(body, { passes: (leak) => option.passes?.(leak) === true })).toEqual([]);
  });

  test.each([-1, Number.NaN, 60_001])("maxWaitMs refuses %d", (value) => {
    expect(() => maxWaitMs(value)).toThrow(expect.objectContaining({ code: "WT_TESTKIT_OPTION" }));
  });
});

const inOwnProcess = async (code: string): Promise<string> => {
  const args = ["--conditions=watertight-source", "--input-type=module", "--eval", code];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: import.meta.dirname,
  });
  return stdout.trim();
};

describe("leakCheck and verifyNone, where no set-up module watches", () => {
  const PROLOGUE = `
    import { leakCheck, verifyNone, LeakError, maxWaitMs } from "@watertight/testkit";
    const never = async () => { await new Promise(() => {}); };
    const report = (error) => console.log(error instanceof LeakError, error.code);`;

  test("await using waits and throws at the end of the block", async () => {
    const code = `${PROLOGUE}
      const run = async () => { await using _ = leakCheck(maxWaitMs(20)); await null; void never(); };
      await run().catch(report);
      await (async () => { await using _ = leakCheck(); await null; })();
      console.log("clean");`;
    expect(await inOwnProcess(code)).toBe("true WT_TESTKIT_LEAK\nclean");
  });

  test("using judges at once", async () => {
    const code = `${PROLOGUE}
      try { using _ = leakCheck(); void never(); } catch (error) { report(error); }
      { using _ = leakCheck(); }
      console.log("clean");`;
    expect(await inOwnProcess(code)).toBe("true WT_TESTKIT_LEAK\nclean");
  });

  test("verifyNone(t) checks when the test ends", async () => {
    const code = `${PROLOGUE}
      let end;
      const test = async () => { await verifyNone({ name: "t", after: (check) => { end = check; } }, maxWaitMs(20)); await null; void never(); };
      await test();
      await end().catch(report);`;
    expect(await inOwnProcess(code)).toBe("true WT_TESTKIT_LEAK");
  });

  test("verifyNone() without a scope says so", async () => {
    const code = `${PROLOGUE} try { verifyNone(); } catch (error) { report(error); }`;
    expect(await inOwnProcess(code)).toBe("false WT_TESTKIT_NO_SCOPE");
  });

  test("leaves the process as it was when nothing is watched any more", async () => {
    const code = `
      import { EventEmitter } from "node:events";
      import fs from "node:fs";
      import { checkBody } from "@watertight/testkit";
      const parts = () => [EventEmitter.prototype.on, EventEmitter.init, EventTarget.prototype.addEventListener,
        AbortController, AbortSignal.any, globalThis.fetch, fs.open, fs.openSync, fs.promises.open, fs.createReadStream,
        Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})())).next];
      const before = parts();
      await checkBody(() => { before.inside = parts(); });
      console.log(parts().every((part, index) => part === before[index]), before.inside.some((part, index) => part === before[index]));`;
    expect(await inOwnProcess(code)).toBe("true false");
  });
});
