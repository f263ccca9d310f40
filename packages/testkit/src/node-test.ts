/**
 * Set-up module for Node's test runner: `node --import @watertight/testkit/node-test --test`.
 * Every test and subtest runs in a scope of its own with its hooks, and fails when something of
 * it is left.
 *
 * The runner has no hook that goes around a test, but each of its tests is an AsyncResource that
 * the async hooks show; what runs it and its hooks is found there.
 */
import { createHook } from "node:async_hooks";
import { beforeEach } from "node:test";
import { currentScope, runInScope, runUnwatched } from "./current-scope.ts";
import { TestkitError } from "./errors.ts";
import { holdReplacements } from "./instrumentation.ts";
import { openScopeCheck, throwOnLeak, type ScopeCheck } from "./scope-check.ts";
import { optionsOf } from "./scope-options.ts";

type RunHook = (this: RunnerTest, hook: string, args: HookArguments) => Promise<void>;
type RunInAsyncScope = (
  this: RunnerTest,
  body: (...args: unknown[]) => unknown,
  ...args: unknown[]
) => unknown;

interface HookArguments {
  readonly ctx?: unknown;
}

interface RunnerTest {
  readonly name: string;
  readonly error: unknown;
  readonly signal?: AbortSignal;
  readonly hooks: { readonly after: readonly unknown[] };
}

interface RunnerPrototype {
  runHook: RunHook;
  runInAsyncScope: RunInAsyncScope;
  run: (this: RunnerTest, ...args: unknown[]) => Promise<void>;
}

const checks = new WeakMap<RunnerTest, ScopeCheck>();

/** The prototype of the runner's tests: the first test that exists is the root of them all. */
function findPrototype(): RunnerPrototype {
  let found: object | undefined;
  const hook = createHook({
    init(_asyncId, type, _trigger, resource) {
      if (type === "Test") found ??= resource;
    },
  }).enable();
  // An `after` of the test itself is what runs last; there has to be one for it to be run.
  beforeEach((context) => {
    if ("after" in context) context.after(() => undefined);
  });
  hook.disable();
  const prototype = prototypeWith(found, "runHook");
  if (prototype === undefined) {
    throw new TestkitError("WT_TESTKIT_RUNNER", `node:test of Node ${process.version} is unknown`);
  }
  return prototype;
}

function prototypeWith(object: object | undefined, method: string): RunnerPrototype | undefined {
  let holder: object | null = object ?? null;
  while (holder !== null && !Object.hasOwn(holder, method)) {
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return (holder as RunnerPrototype | null) ?? undefined;
}

function watchRunner(prototype: RunnerPrototype): void {
  const { runHook, runInAsyncScope, run } = prototype;
  prototype.run = function runWatched(...args) {
    return isTest(this) ? runTest(this, () => run.apply(this, args)) : run.apply(this, args);
  };
  prototype.runInAsyncScope = function runInTestScope(body, ...args) {
    // A hook is an async resource too: it would leave the scope of the test that it runs for.
    const scope = checks.get(this)?.scope ?? (isHook(this) ? currentScope() : undefined);
    if (scope === undefined) return runInAsyncScope.call(this, body, ...args);
    const watched = (...given: unknown[]): unknown => runInScope(scope, () => body(...given));
    return runInAsyncScope.call(this, watched, ...args);
  };
  prototype.runHook = async function runHookWatched(hook, args) {
    const run = (): Promise<void> => runHook.call(this, hook, args);
    if (hook.endsWith("Each")) return await run();
    // Those of a suite serve all of its tests, whichever of them makes them run.
    const scope = checks.get(this)?.scope;
    await (scope === undefined ? runUnwatched(run) : runInScope(scope, run));
    if (hook === "after") await judge(this);
  };
}

/** Suites and the root have no code of their own that could leave anything. */
function isTest(test: RunnerTest): boolean {
  const { reportedType, parent } = test as { reportedType?: string; parent?: unknown };
  return reportedType !== "suite" && !isHook(test) && parent !== null;
}

function isHook(test: RunnerTest): boolean {
  return (test as { hookType?: string }).hookType !== undefined;
}

function runTest(test: RunnerTest, run: () => Promise<void>): Promise<void> {
  const check = openScopeCheck(test.name, { owned: [test.signal] });
  checks.set(test, check);
  // Whatever ended the test before its check, such as a skip, ends the scope as well.
  return runInScope(check.scope, run).finally(() => {
    if (checks.get(test) === check) check.abandon();
  });
}

async function judge(test: RunnerTest): Promise<void> {
  const check = checks.get(test);
  if (check === undefined) return;
  checks.delete(test);
  if (test.error !== null && test.error !== undefined) return check.abandon();
  await runUnwatched(async () =>
    throwOnLeak(test.name, await check.finish(optionsOf(check.scope))),
  );
}

watchRunner(findPrototype());
// The process runs tests and nothing else, so they stay in place until it ends.
holdReplacements();
