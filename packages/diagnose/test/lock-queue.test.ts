/** Who is told to hold a lock: somebody past it, never one who waits for it; and one lock is told once. */
import { describe, expect, test } from "vitest";
import type { Finding } from "@watertight/finding";
import { diagnose } from "../src/index.ts";
import { capture, ids, tasks, type TaskSketch } from "./suspended-tasks.ts";

type Sketch = Omit<TaskSketch, "ids">;

/** A queue of a library's lock, which is waited for where it is taken. */
function queue(...stack: readonly string[]): Sketch {
  return { stack, waker: "Mutex._semaphore > Semaphore._queue > Array[1] > Object.resolve" };
}

const withdraw = queue("withdraw:23", "(anonymous)@/app/server.ts:8");
const deposit = queue("deposit:34", "(anonymous)@/app/server.ts:13");

/** Queues that grow, beside tasks that stay as they are. */
function lockFindings(
  queues: readonly Sketch[],
  beside: readonly TaskSketch[] = [],
): readonly Finding[] {
  const series = [0, 1, 2, 3, 4].map((minute) =>
    capture(minute, [
      ...queues.map((sketch, lane) =>
        tasks({ ...sketch, ids: ids((10 + minute * 10) * (lane + 1), 1001 + lane * 100_000) }),
      ),
      ...beside.map(tasks),
    ]),
  );
  return diagnose(series).findings.filter(({ cause }) => cause === "lock-held");
}

function textOf(finding: Finding | undefined): string {
  return finding?.evidence.map(({ text }) => text).join(" ") ?? "";
}

describe("a lock that tasks wait for at several lines", () => {
  test("is one finding, told where most of them wait", () => {
    const [finding, ...others] = lockFindings([withdraw, deposit]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ site: { line: 34 }, creator: { line: 13 }, count: 150 });
    expect(textOf(finding)).toContain("withdraw");
  });

  test("is held by none of those who wait for it", () => {
    const [finding] = lockFindings([withdraw, deposit]);
    expect(finding?.title).toBe("A lock is never released");
    expect(textOf(finding)).not.toContain("may hold it");
    expect(textOf(finding)).toContain("an early return or a throw between acquire and release");
    expect(finding?.fix.example).toContain("finally");
  });

  test("is held by whoever is past one of the lines, for all of them", () => {
    const holder = { stack: ["audit:60", "withdraw:25"], ids: [501], waker: "Map.table" };
    const findings = lockFindings([withdraw, deposit], [holder]);
    expect(findings.map(({ title }) => title)).toEqual([
      "Tasks queue for a lock whose holder is suspended itself",
    ]);
    expect(textOf(findings[0])).toContain("is suspended itself at audit (shop.ts:60)");
  });

  test("is two findings where the ways to the locks differ", () => {
    const other = { ...deposit, waker: "Ledger.#mutex > Mutex.#waiting > Array[0]" };
    expect(lockFindings([withdraw, other]).map(({ site }) => site?.line)).toHaveLength(2);
  });
});

describe("a task that waits for a further lock", () => {
  const first = { ...queue("transfer:30"), waker: "Account.mutex > Mutex.#waiting > Array[0]" };
  const second = { ...queue("transfer:32"), waker: "Account.mutex > Mutex.#waiting > Array[0]" };

  test("later in the same function may hold the first", () => {
    const [finding] = lockFindings([first], [{ ...second, ids: [501, 503] }]);
    expect(textOf(finding)).toContain("waits for a lock itself at transfer (shop.ts:32)");
  });

  test("earlier in the same function holds nothing yet", () => {
    const [finding] = lockFindings([second], [{ ...first, ids: [501, 503] }]);
    expect(textOf(finding)).not.toContain("may hold it");
  });
});

describe("a handler without a name", () => {
  const taking = queue("(anonymous):12");

  test("that is suspended past the lock may hold it", () => {
    const holder = { stack: ["(anonymous):14"], ids: [501], waker: "Map.table > Object.resolve" };
    expect(textOf(lockFindings([taking], [holder])[0])).toContain("may hold it");
  });

  test("is not taken for another one around a function that takes the lock", () => {
    const other = { stack: ["(anonymous)@/app/server.ts:40"], ids: [501], waker: "Map.table" };
    expect(textOf(lockFindings([withdraw], [other])[0])).not.toContain("may hold it");
  });
});

test("a lock that tasks wait for at several lines and get is no finding", () => {
  const series = [0, 1, 2, 3, 4].map((minute) =>
    capture(minute, [
      tasks({ ...withdraw, ids: ids(6, 1001 + minute * 10_000) }),
      tasks({ ...deposit, ids: ids(8, 5001 + minute * 10_000) }),
    ]),
  );
  expect(diagnose(series).findings).toEqual([]);
});
