/** Waiting for late finishers: nothing is called a leak before it had its time. */
import { runUnwatched } from "./current-scope.ts";
import { collectGarbage } from "@watertight/capture/in-process";
import { withoutIgnored, waitOf, type CheckOption } from "./check-options.ts";
import { findLeaks } from "./find-leaks.ts";
import type { Leak } from "./leak.ts";
import type { Scope } from "./scope.ts";
import { countAborted } from "./watches/births.ts";

// Taken before any test can put a fake clock in their place.
const { setTimeout: setRealTimeout, setImmediate: setRealImmediate } = globalThis;

const BACKOFF_MS_MAX = 64;

/**
 * What a scope has left once late finishers had their time: looks at once, then after 1, 2, 4… ms
 * until nothing is left or the wait is over.
 */
export async function settle(
  scope: Scope,
  options: readonly CheckOption[],
): Promise<readonly Leak[]> {
  scope.end();
  countAborted(scope);
  const waitMs = waitOf(options);
  // Pauses are added up as they were asked for: on a machine that is busy they take longer, and
  // so does what they wait for.
  let waitedMs = 0;
  let leaks = withoutIgnored(findLeaks(scope), options);
  let backoffMs = 0;
  while (leaks.length > 0 && waitedMs < waitMs) {
    scope.renewBudget();
    await pause(Math.min(backoffMs, waitMs - waitedMs));
    waitedMs += backoffMs;
    backoffMs = Math.min(BACKOFF_MS_MAX, Math.max(1, backoffMs * 2));
    leaks = withoutIgnored(findLeaks(scope), options);
  }
  return leaks.some(({ unit }) => unit === "tasks") ? await proveVanished(scope, options) : leaks;
}

/** After a collection an await whose promise is gone is proven: nothing can settle it any more. */
async function proveVanished(
  scope: Scope,
  options: readonly CheckOption[],
): Promise<readonly Leak[]> {
  // Bodies are looked at first: undici cancels an unread one when it is collected.
  const before = withoutIgnored(findLeaks(scope), options);
  await pause(0);
  collectGarbage();
  const after = withoutIgnored(findLeaks(scope), options);
  const rescued = before.filter(
    (leak) => leak.unit !== "tasks" && !after.some(({ moment }) => moment === leak.moment),
  );
  return [...after, ...rescued];
}

function pause(durationMs: number): Promise<void> {
  return runUnwatched(
    () =>
      new Promise((resolve) => {
        if (durationMs < 1) setRealImmediate(resolve);
        else setRealTimeout(resolve, durationMs);
      }),
  );
}
