/**
 * Jest's side of `@watertight/testkit/jest`: listens to jest-circus, runs every test and its hooks
 * in a scope of the test, and adds the failure to the very test. Loaded outside of Jest's sandbox.
 */
import type { CheckOption } from "./check-options.ts";
import { runInScope, runUnwatched } from "./current-scope.ts";
import { TestkitError } from "./errors.ts";
import { openScopeCheck, throwOnLeak, type ScopeCheck } from "./scope-check.ts";
import { optionsOf } from "./scope-options.ts";
import { holdReplacements } from "./instrumentation.ts";
import { useRealm, type Realm } from "./realm.ts";

type CircusFunction = (this: unknown, ...args: unknown[]) => unknown;

interface CircusTest {
  readonly type: "test";
  readonly name: string;
  readonly concurrent?: boolean;
  /** Meant to fail: then it has no errors at its end. */
  readonly failing?: boolean;
  fn: CircusFunction | undefined;
  readonly errors: unknown[];
}

interface CircusBlock {
  readonly type: "describeBlock";
  readonly children: readonly (CircusBlock | CircusTest)[];
  readonly hooks: readonly CircusHook[];
}

interface CircusHook {
  fn: CircusFunction;
  readonly type: "beforeAll" | "beforeEach" | "afterEach" | "afterAll";
}

interface CircusEvent {
  readonly name: string;
  readonly test?: CircusTest;
}

interface CircusState {
  readonly rootDescribeBlock: CircusBlock;
}

type CircusHandler = (event: CircusEvent, state: CircusState) => Promise<void> | void;

const EVENT_HANDLERS = Symbol.for("EVENT_HANDLERS");

/** Watches the tests of one test file. `sandbox` is the global object that its tests see. */
export function watchJest(sandbox: object, ...options: readonly CheckOption[]): void {
  const handlers = (sandbox as { [EVENT_HANDLERS]?: CircusHandler[] })[EVENT_HANDLERS];
  if (handlers === undefined)
    throw new TestkitError("WT_TESTKIT_RUNNER", "this is not jest-circus");
  useRealm(sandbox as Realm);
  const release = holdReplacements();
  handlers.push(handleEvents(options), ({ name }) => {
    if (name === "run_finish") release();
  });
}

function handleEvents(options: readonly CheckOption[]): CircusHandler {
  const checks = new Map<CircusTest, ScopeCheck>();
  let latest: ScopeCheck | undefined;
  const scopeOfHook = (): ScopeCheck | undefined => latest;
  return (event, { rootDescribeBlock }) => {
    if (event.name === "run_start") wrapBlock(rootDescribeBlock, checks, scopeOfHook);
    if (event.test === undefined) return undefined;
    if (event.name === "test_start") {
      latest = openScopeCheck(event.test.name);
      checks.set(event.test, latest);
    }
    const check = checks.get(event.test);
    if (event.name === "test_skip" || event.name === "test_todo") check?.abandon();
    if (event.name !== "test_done") return undefined;
    checks.delete(event.test);
    if (check === undefined) return undefined;
    if (event.test.failing === true || event.test.errors.length > 0) return check.abandon();
    return judge(event.test, check, options);
  };
}

async function judge(
  test: CircusTest,
  check: ScopeCheck,
  options: readonly CheckOption[],
): Promise<void> {
  const all = [...optionsOf(check.scope), ...options];
  try {
    await runUnwatched(async () => throwOnLeak(test.name, await check.finish(all)));
  } catch (leak) {
    test.errors.push(leak);
  }
}

function wrapBlock(
  block: CircusBlock,
  checks: ReadonlyMap<CircusTest, ScopeCheck>,
  scopeOfHook: () => ScopeCheck | undefined,
): void {
  for (const hook of block.hooks) {
    if (hook.type.endsWith("Each")) hook.fn = inScopeOf(hook.fn, scopeOfHook);
  }
  for (const child of block.children) {
    if (child.type === "describeBlock") wrapBlock(child, checks, scopeOfHook);
    else if (child.fn !== undefined) child.fn = inScopeOf(child.fn, () => checks.get(child));
  }
}

/** A function with the same number of parameters: Jest gives a callback to those that take one. */
function inScopeOf(run: CircusFunction, find: () => ScopeCheck | undefined): CircusFunction {
  const watched: CircusFunction = function watchedByTestkit(this: unknown, ...args) {
    const check = find();
    const call = (): unknown => run.apply(this, args);
    return check === undefined ? call() : runInScope(check.scope, call);
  };
  return Object.defineProperty(watched, "length", { value: run.length });
}
