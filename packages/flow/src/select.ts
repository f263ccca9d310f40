/**
 * Waits on several channel operations and does exactly one of them, with Go's semantics:
 * among cases that are ready one is picked at random, so that none starves.
 */
import type { Channel, Received } from "./channel.ts";
import { type Clock, systemClock } from "./clock.ts";
import { FlowError } from "./errors.ts";
import type { RequestContext } from "./request-context.ts";

/** A case of a select that yields an `R` when it is the one. */
export interface SelectCase<R> {
  /** Does the operation if it needs no waiting; undefined when it would have to wait. */
  readonly attempt: () => { readonly result: R } | undefined;
  /** Queues the operation; `complete` is called once with what it yields, or with the error that ends it. */
  readonly enqueue: (complete: (settle: () => R) => void) => () => void;
}

/** Receives from a channel. `then` makes the case's result; without it, the {@link Received}. */
export function receiveFrom<T>(channel: Channel<T>): SelectCase<Received<T>>;
export function receiveFrom<T, R>(
  channel: Channel<T>,
  then: (received: Received<T>) => R,
): SelectCase<R>;
export function receiveFrom<T>(
  channel: Channel<T>,
  then: (received: Received<T>) => unknown = (received) => received,
): SelectCase<unknown> {
  return {
    attempt: () => {
      const received = channel.tryReceive();
      return received && { result: then(received) };
    },
    enqueue: (complete) =>
      channel.enqueue("receive", {
        value: undefined,
        complete: (outcome) => complete(() => then(outcome as Received<T>)),
      }),
  };
}

/** Sends a value on a channel. `then` makes the case's result; without it, `true`. */
export function sendTo<T>(channel: Channel<T>, value: T): SelectCase<true>;
export function sendTo<T, R>(channel: Channel<T>, value: T, then: () => R): SelectCase<R>;
export function sendTo<T>(
  channel: Channel<T>,
  value: T,
  then: () => unknown = () => true,
): SelectCase<unknown> {
  return {
    attempt: () => (channel.trySend(value) ? { result: then() } : undefined),
    enqueue: (complete) =>
      channel.enqueue("send", {
        value,
        complete: ({ ok }) =>
          complete(() => {
            if (!ok) throw new FlowError("WT_FLOW_CHANNEL_CLOSED", channel.name);
            return then();
          }),
      }),
  };
}

export interface SelectOptions<D> {
  /** Taken when no case is ready: the select then never waits. */
  readonly default?: () => D;
  /** Rejects with `WT_FLOW_TIMEOUT` after this many milliseconds. */
  readonly timeoutMs?: number;
  /** Rejects with the context's cause when the context ends. */
  readonly context?: RequestContext;
  /** From 0 to 1, exclusive; `Math.random` by default. */
  readonly random?: () => number;
  readonly clock?: Clock;
}

type ResultOf<C> = C extends SelectCase<infer R> ? R : never;

/** Does one of the cases and resolves with what it yields. */
export async function select<const C extends readonly SelectCase<unknown>[], D = never>(
  cases: C,
  options: SelectOptions<D> = {},
): Promise<ResultOf<C[number]> | D> {
  options.context?.throwIfDone();
  for (const each of shuffle(cases, options.random ?? Math.random)) {
    const done = each.attempt();
    if (done) return done.result as ResultOf<C[number]>;
  }
  if (options.default) return options.default();
  return waitForOne(cases, options) as Promise<ResultOf<C[number]>>;
}

function waitForOne(
  cases: readonly SelectCase<unknown>[],
  options: SelectOptions<unknown>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const withdrawals: (() => void)[] = [];
    const finish = (settle: () => unknown): void => {
      for (const withdraw of withdrawals) withdraw();
      try {
        resolve(settle());
      } catch (error) {
        reject(error);
      }
    };
    for (const each of cases) withdrawals.push(each.enqueue(finish));
    const { context, timeoutMs, clock = systemClock } = options;
    if (timeoutMs !== undefined) {
      const expire = (): void =>
        finish(() => {
          throw new FlowError("WT_FLOW_TIMEOUT", `${timeoutMs} ms`);
        });
      withdrawals.push(clock.schedule(timeoutMs, expire));
    }
    if (context) {
      const end = (cause: unknown): void =>
        finish(() => {
          throw cause;
        });
      withdrawals.push(context.onDone(end));
    }
  });
}

function shuffle<T>(items: readonly T[], random: () => number): readonly T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const pick = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[pick]] = [shuffled[pick] as T, shuffled[last] as T];
  }
  return shuffled;
}
