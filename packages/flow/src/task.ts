/**
 * Named tasks: who is blocked. Where the platform can follow a call through its awaits
 * (Node's AsyncLocalStorage) an operation knows the task it belongs to; elsewhere it does not,
 * and everything still works without.
 */

/** One concurrent piece of work, started by {@link go}. */
export interface Task {
  readonly name: string;
}

interface Storage {
  run<T>(task: Task, body: () => T): T;
  getStore(): Task | undefined;
}

interface Host {
  readonly process?: {
    getBuiltinModule?(name: string): { AsyncLocalStorage: new () => Storage } | undefined;
  };
}

const hooks = (globalThis as Host).process?.getBuiltinModule?.("node:async_hooks");
const storage = hooks && new hooks.AsyncLocalStorage();

/** The task that the caller runs in, where that is known. */
export function currentTask(): Task | undefined {
  return storage?.getStore();
}

/** Starts `body` as a task of its own; the promise is the caller's to await or to keep. */
export function go<T>(name: string, body: () => Promise<T>): Promise<T> {
  return storage ? storage.run({ name }, body) : body();
}
