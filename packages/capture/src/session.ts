/** The requests of one capture, counted against one budget. */
import { type CaptureBudget, fillBudget } from "./budget.ts";
import { type CaptureClock, SYSTEM_CLOCK } from "./clock.ts";
import type { Connection } from "./connection.ts";
import { CaptureError, type CaptureErrorCode } from "./errors.ts";
import { describePlace, exchange, type ExchangeRequest, type ExchangeResult } from "./exchange.ts";

/** What a session takes from its caller. */
export interface SessionOptions {
  readonly clock?: CaptureClock;
  /** How often a cheap, idempotent request (the index, `debug=0`) is tried again; 2 by default. */
  readonly retriesMax?: number;
  /** The first pause before trying again, doubled each time and jittered; 200 ms by default. */
  readonly retryMs?: number;
}

const RETRIED: ReadonlySet<CaptureErrorCode> = new Set([
  "WT_CAPTURE_CUT",
  "WT_CAPTURE_STATUS",
  "WT_CAPTURE_UNREACHABLE",
]);

/** Requests to one target that share a deadline and a byte budget. */
export class CaptureSession {
  readonly connection: Connection;
  readonly budget: CaptureBudget;
  readonly clock: CaptureClock;
  readonly #retriesMax: number;
  readonly #retryMs: number;
  readonly #deadline: number;
  #bytes = 0;

  constructor(
    connection: Connection,
    budget: Partial<CaptureBudget> = {},
    options: SessionOptions = {},
  ) {
    this.connection = connection;
    this.budget = fillBudget(budget);
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.#retriesMax = options.retriesMax ?? 2;
    this.#retryMs = options.retryMs ?? 200;
    this.#deadline = this.clock.now() + this.budget.timeMs;
  }

  /** Bytes of bodies that arrived so far, on the wire where the answer was whole. */
  get bytes(): number {
    return this.#bytes;
  }

  get remainingMs(): number {
    return this.#deadline - this.clock.now();
  }

  /** Sends one request within what is left of the budget. */
  async fetch(request: ExchangeRequest): Promise<ExchangeResult> {
    const totalMs = Math.min(this.connection.limits.totalMs, this.remainingMs);
    const wireBytesMax = this.budget.bytesMax - this.#bytes;
    const where = describePlace(this.connection, request.path);
    if (totalMs <= 0) throw new CaptureError("WT_CAPTURE_TOTAL_TIMEOUT", where);
    if (wireBytesMax <= 0) throw new CaptureError("WT_CAPTURE_TOO_LARGE", where);
    const limits = this.connection.limits;
    let arrived = 0;
    try {
      const result = await exchange(this.connection, {
        ...request,
        sink: async (chunk) => {
          arrived += chunk.length;
          await request.sink(chunk);
        },
        limits: {
          ...request.limits,
          totalMs: Math.min(totalMs, request.limits?.totalMs ?? totalMs),
          wireBytesMax: Math.min(
            wireBytesMax,
            limits.wireBytesMax,
            request.limits?.wireBytesMax ?? wireBytesMax,
          ),
        },
      });
      arrived = result.wireBytes;
      return result;
    } finally {
      this.#bytes += arrived;
    }
  }

  /**
   * Sends a request that is cheap for the target and changes nothing, and collects its body.
   * A broken connection or a 5xx answer is tried again after a jittered pause.
   */
  async fetchCheap(request: Omit<ExchangeRequest, "sink">): Promise<FetchedBytes> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.fetchBytes(request);
      } catch (fault) {
        const isOver = attempt >= this.#retriesMax || this.remainingMs <= 0;
        if (isOver || !(fault instanceof CaptureError) || !RETRIED.has(fault.code)) throw fault;
      }
      const pauseMs = this.#retryMs * 2 ** attempt * (0.5 + this.clock.random());
      await this.#pause(Math.min(pauseMs, this.remainingMs));
    }
  }

  /** Sends a request and collects its body in memory. */
  async fetchBytes(request: Omit<ExchangeRequest, "sink">): Promise<FetchedBytes> {
    const parts: Uint8Array[] = [];
    const result = await this.fetch({
      ...request,
      sink: (chunk) => {
        parts.push(chunk);
      },
    });
    return { ...result, body: Buffer.concat(parts) };
  }

  async #pause(ms: number): Promise<void> {
    try {
      await this.clock.sleep(ms, this.connection.signal);
    } catch {
      throw new CaptureError("WT_CAPTURE_ABORTED", this.connection.target.display);
    }
  }
}

/** A body held in memory. */
export interface FetchedBytes extends ExchangeResult {
  readonly body: Uint8Array;
}
