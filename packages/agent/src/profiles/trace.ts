/**
 * A timeline in Chrome's trace format: how late the event loop ran, what the garbage collector
 * did, and which requests were under way. Format: "Trace Event Format", JSON array form.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { constants, monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/** Events that one trace holds; the rest are counted. */
const EVENTS_MAX = 200_000;
const LOOP_SAMPLE_MS = 20;

interface TraceEvent {
  readonly name: string;
  readonly ph: "X" | "C" | "b" | "e" | "M";
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly cat?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

const collections: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: "minor GC",
  [constants.NODE_PERFORMANCE_GC_MAJOR]: "major GC",
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: "incremental GC",
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: "weak callbacks",
};

/** Records for some seconds; answers the JSON. */
export async function takeTrace(seconds: number): Promise<string> {
  const events: TraceEvent[] = [];
  let dropped = 0;
  const add = (event: TraceEvent): void => {
    if (events.length < EVENTS_MAX) events.push(event);
    else dropped++;
  };
  const stops = [recordCollections(add), recordLoop(add), recordRequests(add)];
  try {
    await sleep(seconds * 1000, undefined, { ref: false });
  } finally {
    for (const stop of stops) stop();
  }
  const place = { pid: process.pid, tid: 1 };
  const traceEvents = events.map((event) => Object.assign({}, event, place));
  return JSON.stringify({ traceEvents, otherData: { version: process.version, dropped } });
}

type AddEvent = (event: TraceEvent) => void;

const micros = (ms: number): number => Math.round(ms * 1000);

function recordCollections(add: AddEvent): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as unknown as { readonly detail: { readonly kind: number } }).detail;
      add({
        name: collections[kind] ?? "GC",
        ph: "X",
        ts: micros(entry.startTime),
        dur: micros(entry.duration),
      });
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  return () => observer.disconnect();
}

function recordLoop(add: AddEvent): () => void {
  const delay = monitorEventLoopDelay({ resolution: LOOP_SAMPLE_MS });
  delay.enable();
  const timer = setInterval(() => {
    const worstMs = delay.max / 1e6;
    delay.reset();
    add({
      name: "event loop delay",
      ph: "C",
      ts: micros(performance.now()),
      args: { ms: worstMs },
    });
  }, LOOP_SAMPLE_MS * 5);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}

function recordRequests(add: AddEvent): () => void {
  const ids = new WeakMap<object, number>();
  let lastId = 0;
  const onStart = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage };
    ids.set(request, ++lastId);
    add(requestEvent(request, "b", lastId));
  };
  const onFinish = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage };
    const id = ids.get(request);
    if (id !== undefined) add(requestEvent(request, "e", id));
  };
  subscribe("http.server.request.start", onStart);
  subscribe("http.server.response.finish", onFinish);
  return () => {
    unsubscribe("http.server.request.start", onStart);
    unsubscribe("http.server.response.finish", onFinish);
  };
}

/** The method alone names it: a path can hold personal data. */
function requestEvent(request: IncomingMessage, ph: "b" | "e", id: number): TraceEvent {
  return { name: `${request.method} request`, cat: "http", ph, id, ts: micros(performance.now()) };
}
