/**
 * A channel: a bounded queue between tasks that both sides can wait on, with Go's semantics.
 * A send waits while `capacity` values are waiting; a receive waits while there is none.
 */
import { type ChannelIdentity, enterBlocked, PEERS_MAX } from "./blocked-operation.ts";
import { creationSite } from "./creation-site.ts";
import { FlowError } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import type { RequestContext } from "./request-context.ts";
import { currentTask, type Task } from "./task.ts";
import { type Waiter, WaiterQueue } from "./waiter-queue.ts";

/** What a receive yields: a value, or the news that the channel is closed and empty. */
export type Received<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly value?: undefined };

export interface ChannelOptions {
  /** Values that may wait; 0, the default, makes every send meet its receive. */
  readonly capacity?: number;
  /** What reports call it; `channel 1`, `channel 2`, … by default. */
  readonly name?: string;
}

export interface WaitOptions {
  /** Gives up, rejecting with the context's cause, when the context ends. */
  readonly context?: RequestContext;
}

/** The largest capacity a channel can have. */
export const CHANNEL_CAPACITY_MAX = 1_048_576;

let channelsMade = 0;

/** Values of type `T` from tasks that send to tasks that receive. */
export class Channel<T> implements AsyncIterable<T>, ChannelIdentity {
  readonly name: string;
  readonly site: string;
  readonly capacity: number;
  readonly #buffer = new Fifo<T>();
  readonly #sendersWaiting = new WaiterQueue<T>();
  readonly #receiversWaiting = new WaiterQueue<T>();
  #senders: readonly Task[] = [];
  #receivers: readonly Task[] = [];
  #isClosed = false;

  constructor(options: ChannelOptions = {}) {
    const capacity = options.capacity ?? 0;
    if (!Number.isInteger(capacity) || capacity < 0 || capacity > CHANNEL_CAPACITY_MAX) {
      throw new FlowError("WT_FLOW_CAPACITY", String(capacity));
    }
    this.capacity = capacity;
    this.name = options.name ?? `channel ${++channelsMade}`;
    this.site = creationSite(Channel);
  }

  /** Values that wait in the buffer. */
  get length(): number {
    return this.#buffer.length;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get senders(): readonly Task[] {
    return this.#senders;
  }

  get receivers(): readonly Task[] {
    return this.#receivers;
  }

  /** Resolves once a receiver or the buffer has the value. Rejects when the channel is or gets closed. */
  async send(value: T, options: WaitOptions = {}): Promise<void> {
    options.context?.throwIfDone();
    if (this.trySend(value)) return;
    const { ok } = await this.#wait("send", value, options);
    if (!ok) throw new FlowError("WT_FLOW_CHANNEL_CLOSED", this.name);
  }

  /** Resolves with the next value, or `{ ok: false }` once the channel is closed and empty. */
  async receive(options: WaitOptions = {}): Promise<Received<T>> {
    options.context?.throwIfDone();
    const received = this.tryReceive();
    if (received) return received;
    return (await this.#wait("receive", undefined, options)) as Received<T>;
  }

  /** Sends if that needs no waiting, and says whether it did. Throws when the channel is closed. */
  trySend(value: T): boolean {
    if (this.#isClosed) throw new FlowError("WT_FLOW_CHANNEL_CLOSED", this.name);
    this.#senders = remember(this.#senders);
    const receiver = this.#receiversWaiting.shift();
    if (receiver) {
      receiver.complete({ ok: true, value });
      return true;
    }
    if (this.#buffer.length >= this.capacity) return false;
    this.#buffer.push(value);
    return true;
  }

  /** Receives if that needs no waiting; undefined when it would have to wait. */
  tryReceive(): Received<T> | undefined {
    this.#receivers = remember(this.#receivers);
    if (this.#buffer.length > 0) {
      const value = this.#buffer.shift();
      const sender = this.#sendersWaiting.shift();
      if (sender) {
        this.#buffer.push(sender.value as T);
        sender.complete({ ok: true, value: undefined });
      }
      return { ok: true, value };
    }
    const sender = this.#sendersWaiting.shift();
    if (sender) {
      sender.complete({ ok: true, value: undefined });
      return { ok: true, value: sender.value as T };
    }
    return this.#isClosed ? { ok: false } : undefined;
  }

  /** No more sends. Receivers drain what waits, then see the end; waiting senders are refused. Twice is fine. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const queue of [this.#receiversWaiting, this.#sendersWaiting]) {
      for (let waiter = queue.shift(); waiter; waiter = queue.shift()) {
        waiter.complete({ ok: false, value: undefined });
      }
    }
  }

  /** Every value until the channel is closed. Leaving the loop early leaves the channel as it is. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const received = await this.receive();
      if (!received.ok) return;
      yield received.value;
    }
  }

  /**
   * Queues a waiter for one side; the result withdraws it. For `select`, which waits on
   * several channels at once.
   */
  enqueue(kind: "send" | "receive", waiter: Waiter<T>): () => void {
    const queue = kind === "send" ? this.#sendersWaiting : this.#receiversWaiting;
    const leaveRegistry = enterBlocked(kind, this);
    const leaveQueue = queue.push({
      value: waiter.value,
      complete: (outcome) => {
        leaveRegistry();
        waiter.complete(outcome);
      },
    });
    return () => {
      leaveRegistry();
      leaveQueue();
    };
  }

  #wait(
    kind: "send" | "receive",
    value: T | undefined,
    { context }: WaitOptions,
  ): Promise<{ readonly ok: boolean; readonly value: T | undefined }> {
    return new Promise((resolve, reject) => {
      let stopWatching = (): void => {};
      const withdraw = this.enqueue(kind, {
        value,
        complete: (outcome) => {
          stopWatching();
          resolve(outcome);
        },
      });
      if (!context) return;
      stopWatching = context.onDone((cause) => {
        withdraw();
        reject(cause);
      });
    });
  }
}

function remember(peers: readonly Task[]): readonly Task[] {
  const task = currentTask();
  if (!task || peers.includes(task)) return peers;
  return [...peers.slice(1 - PEERS_MAX), task];
}
