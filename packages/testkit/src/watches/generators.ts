/** Async generators that were begun and neither finished nor returned: their `finally` never runs. */
import { currentScope } from "../current-scope.ts";
import { watchedRealms, type Realm } from "../realm.ts";
import { nextMoment, type Scope } from "../scope.ts";
import { ownerOf } from "../stack-frame.ts";
import type { Trace } from "../trace.ts";
import { originOfResumed } from "./awaits.ts";
import { enterSlice } from "./slices.ts";
import type { Watch } from "./watch.ts";

/** An async generator that a scope began. */
export interface GeneratorRecord {
  /** Where it waits, or where it was begun while that is not known. */
  trace: Trace | undefined;
  /** Where it was begun. */
  readonly beginning: Trace | undefined;
  readonly origin: Trace | undefined;
  readonly moment: number;
  /** Calls of next, return or throw that have not been answered. */
  running: number;
}

interface Entry {
  readonly record: GeneratorRecord;
  readonly scope: Scope;
}

type Step = (this: object, value?: unknown) => Promise<IteratorResult<unknown>>;
type Steps = Record<"next" | "return" | "throw", Step>;

const begun = new WeakMap<object, Entry>();

/** The generators of a scope that wait at a `yield` for a consumer that is gone. */
export function abandonedGenerators(scope: Scope): readonly GeneratorRecord[] {
  return [...scope.generators].filter(
    ({ running, beginning }) => running === 0 && !isRuntimes(beginning),
  );
}

/** Whether the runtime consumes it: a stream or a body, which are watched by themselves. */
function isRuntimes(beginning: Trace | undefined): boolean {
  const caller = beginning?.frames.find((frame) => ownerOf(frame) !== "testkit");
  return caller !== undefined && ownerOf(caller) === "runtime";
}

function noteStep(generator: object, above: (...args: never[]) => unknown): Entry | undefined {
  const known = begun.get(generator);
  if (known !== undefined) return known;
  const scope = currentScope();
  if (scope === undefined) return undefined;
  const beginning = scope.budget.take(above);
  const origin = originOfResumed(scope);
  const record = { trace: beginning, beginning, origin, moment: nextMoment(), running: 0 };
  const entry = { scope, record };
  begun.set(generator, entry);
  scope.generators.add(record);
  return entry;
}

function watchStep(prototype: Steps, name: keyof Steps): () => void {
  const original = prototype[name];
  const watched: Step = {
    [name](this: object, value?: unknown) {
      const entry = name === "next" ? noteStep(this, watched) : begun.get(this);
      if (entry === undefined) return original.call(this, value);
      const leave = enterSlice(entry.record);
      const answer = original.call(this, value);
      leave();
      noteAnswer(entry, answer, name);
      return answer;
    },
  }[name] as Step;
  prototype[name] = watched;
  return () => {
    if (prototype[name] === watched) prototype[name] = original;
  };
}

function noteAnswer(
  { record, scope }: Entry,
  answer: Promise<IteratorResult<unknown>>,
  name: keyof Steps,
): void {
  if (name === "return") scope.generators.delete(record);
  record.running += 1;
  const settle = (isDone: boolean): void => {
    record.running -= 1;
    if (isDone) scope.generators.delete(record);
  };
  answer.then(
    ({ done }) => settle(done === true),
    () => settle(true),
  );
}

/** The prototype that every async generator of a realm inherits its steps from. */
function findPrototype(realm: Realm): Steps {
  const example = (
    realm === globalThis
      ? (async function* empty(): AsyncGenerator<never> {})()
      : new realm.Function("return (async function* empty() {})();")()
  ) as object;
  return Object.getPrototypeOf(Object.getPrototypeOf(example) as object) as Steps;
}

export const generatorWatch: Watch = {
  install() {
    const prototypes = new Set(watchedRealms().map(findPrototype));
    const undo = [...prototypes].flatMap((prototype) =>
      (["next", "return", "throw"] as const).map((name) => watchStep(prototype, name)),
    );
    return () => {
      for (const revert of undo) revert();
    };
  },
};
