/** Async generators that were begun and neither finished nor returned: their `finally` never runs. */
import { currentScope } from "../current-scope.ts";
import { nextMoment, type Scope } from "../scope.ts";
import type { Trace } from "../trace.ts";
import type { Watch } from "./watch.ts";

/** An async generator that a scope began. */
export interface GeneratorRecord {
  readonly trace: Trace | undefined;
  readonly moment: number;
  /** Calls of next, return or throw that have not been answered. */
  running: number;
}

type Step = (this: object, value?: unknown) => Promise<IteratorResult<unknown>>;
type Steps = Record<"next" | "return" | "throw", Step>;

const begun = new WeakMap<object, { readonly record: GeneratorRecord; readonly scope: Scope }>();

/** The generators of a scope that wait at a `yield` for a consumer that is gone. */
export function abandonedGenerators(scope: Scope): readonly GeneratorRecord[] {
  return [...scope.generators].filter(({ running }) => running === 0);
}

function noteStep(
  generator: object,
  above: (...args: never[]) => unknown,
): { readonly record: GeneratorRecord; readonly scope: Scope } | undefined {
  const known = begun.get(generator);
  if (known !== undefined) return known;
  const scope = currentScope();
  if (scope === undefined) return undefined;
  const entry = {
    scope,
    record: { trace: scope.budget.take(above), moment: nextMoment(), running: 0 },
  };
  begun.set(generator, entry);
  scope.generators.add(entry.record);
  return entry;
}

function watchStep(prototype: Steps, name: keyof Steps): () => void {
  const original = prototype[name];
  const watched: Step = {
    [name](this: object, value?: unknown) {
      const answer = original.call(this, value);
      const entry = name === "next" ? noteStep(this, watched) : begun.get(this);
      if (entry === undefined) return answer;
      const { record, scope } = entry;
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
      return answer;
    },
  }[name] as Step;
  prototype[name] = watched;
  return () => {
    if (prototype[name] === watched) prototype[name] = original;
  };
}

/** The prototype that every async generator inherits its steps from. */
function findPrototype(): Steps {
  const example = async function* empty(): AsyncGenerator<never> {};
  return Object.getPrototypeOf(Object.getPrototypeOf(example()) as object) as Steps;
}

export const generatorWatch: Watch = {
  install() {
    const prototype = findPrototype();
    const undo = (["next", "return", "throw"] as const).map((name) => watchStep(prototype, name));
    return () => {
      for (const revert of undo) revert();
    };
  },
};
