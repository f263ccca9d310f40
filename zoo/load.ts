/** Drives requests at a rate, never waiting for the service: a stuck handler must not stop the load. */
import { Agent, get, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A request that nothing answers is given up after this long, so that a run always ends. */
const GIVE_UP_MS = 30_000;
const IN_FLIGHT_MAX = 400;
const TICK_MS = 20;

export interface LoadOptions {
  /** Base address and path. */
  readonly url: string;
  readonly ratePerSecond: number;
  /** The client goes away after this long, answered or not. */
  readonly abandonAfterMs?: number | undefined;
}

/** Requests that are being sent until {@link LoadDriver.stop}. */
export interface LoadDriver {
  /** Requests sent so far. */
  readonly sent: () => number;
  readonly setRate: (perSecond: number) => void;
  /** Ends sending. Requests in flight keep their connection until `close`. */
  readonly stop: () => Promise<void>;
  /** Drops every connection, idle or waiting. */
  readonly close: () => void;
}

/** Starts sending at a steady rate over keep-alive connections. */
export function driveLoad(options: LoadOptions): LoadDriver {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 4 });
  const giveUpMs = options.abandonAfterMs ?? GIVE_UP_MS;
  let sent = 0;
  let inFlight = 0;
  let rate = options.ratePerSecond;
  const ending = new AbortController();

  function send(): void {
    sent += 1;
    inFlight += 1;
    const request = get(withNumber(options.url, sent), { agent }, discard);
    const timer = setTimeout(() => request.destroy(), giveUpMs);
    request.on("error", () => undefined);
    request.once("close", () => {
      clearTimeout(timer);
      inFlight -= 1;
    });
  }

  async function sendSteadily(): Promise<void> {
    let last = performance.now();
    let due = 0;
    while (!ending.signal.aborted) {
      await sleep(TICK_MS);
      const now = performance.now();
      due += ((now - last) / 1000) * rate;
      last = now;
      for (; due >= 1; due -= 1) if (inFlight < IN_FLIGHT_MAX) send();
    }
  }

  const sending = sendSteadily();
  return {
    sent: () => sent,
    setRate: (perSecond) => {
      rate = perSecond;
    },
    stop: async () => {
      ending.abort();
      await sending;
    },
    close: () => agent.destroy(),
  };
}

/** Every request has a number, which services use as an order, a user or a tenant. */
function withNumber(url: string, number: number): string {
  return `${url}${url.includes("?") ? "&" : "?"}id=${number}`;
}

function discard(response: IncomingMessage): void {
  response.on("error", () => undefined);
  response.resume();
}
