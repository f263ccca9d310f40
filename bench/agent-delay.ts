/**
 * How long the agent's profiles make a busy process wait: the delay of its event loop, turn by
 * turn, in windows with and without a profile that take turns. The 99th percentile is what most
 * requests notice; the worst turn is what the unluckiest one does, and grows with the heap.
 *
 *     npx node --conditions=watertight-source bench/agent-delay.ts              8 rounds each
 *     npx node --conditions=watertight-source bench/agent-delay.ts 20 200       with some 200 MB in use
 *     npx node --conditions=watertight-source bench/agent-delay.ts 20 200 ready the profiler ready
 */
import { createHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { settleOptions } from "../packages/agent/src/agent-options.ts";
import { handleAgentRequest } from "../packages/agent/src/handle-request.ts";
import { openObservers } from "../packages/agent/src/observers.ts";
import { startLoadedServer } from "./loaded-server.ts";
import { estimate, formatEstimate, medianOf } from "./paired-rounds.ts";

const ROUNDS = Number(process.argv[2] ?? 8);
const BALLAST_MB = Number(process.argv[3] ?? 0);
const WINDOW_MS = 1600;

const settings = settleOptions({ cpuProfile: process.argv[4] === "ready" ? "ready" : "asked" });
const observers = openObservers(settings);
const take = (path: string) => async (): Promise<void> => {
  const { status, body } = await handleAgentRequest(
    { method: "GET", url: `${settings.prefix}/${path}`, authorization: `Bearer ${settings.token}` },
    observers,
  );
  if (status !== 200) throw new Error(String(body));
};

const modes: Readonly<Record<string, () => Promise<void>>> = {
  nothing: async () => {},
  "profile?seconds=1": take("profile?seconds=1"),
  "profile?seconds=1&lines=1": take("profile?seconds=1&lines=1"),
  heap: take("heap"),
  external: take("external"),
};

interface Delay {
  readonly p99Ms: number;
  /** In CPU time of the thread, which is not longer because the machine is busy. */
  readonly worstMs: number;
  readonly timerP99Ms: number;
}

/** Turns of the event loop over a window, in which something is done from its first fifth on. */
async function watchWindow(act: () => Promise<void>): Promise<Delay> {
  const turns = createHistogram();
  const timers = monitorEventLoopDelay({ resolution: 1 });
  let isOpen = true;
  let before = performance.now();
  let cpuBefore = process.threadCpuUsage();
  let worstMicros = 0;
  const turn = (): void => {
    const now = performance.now();
    const cpu = process.threadCpuUsage();
    turns.record(Math.max(1, Math.round((now - before) * 1e6)));
    const micros = cpu.user + cpu.system - cpuBefore.user - cpuBefore.system;
    worstMicros = Math.max(worstMicros, micros);
    before = now;
    cpuBefore = cpu;
    if (isOpen) setImmediate(turn);
  };
  timers.enable();
  setImmediate(turn);
  const end = sleep(WINDOW_MS);
  await sleep(WINDOW_MS / 5);
  await act();
  await end;
  isOpen = false;
  timers.disable();
  return {
    p99Ms: turns.percentile(99) / 1e6,
    worstMs: worstMicros / 1000,
    timerP99Ms: timers.percentile(99) / 1e6,
  };
}

const ballast = Array.from({ length: BALLAST_MB * 2500 }, (_, at) => ({
  at,
  items: Array.from({ length: 20 }, (__, item) => ({ item })).slice(0, 5),
}));
const server = await startLoadedServer((_, response) => void response.end("ok"), {
  connections: 4,
  atOnce: 1,
});
await server.answer(20_000);
const heapMb = Math.round(process.memoryUsage().heapUsed / 1e6);
console.log(
  `Node ${process.version}, ${heapMb} MB of heap in use, cpuProfile ${settings.cpuProfile}, ${ROUNDS} rounds each`,
);
const pairs = new Map<string, { readonly bare: Delay; readonly taken: Delay }[]>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, act] of Object.entries(modes)) {
    const bare = await watchWindow(async () => {});
    const taken = await watchWindow(act);
    pairs.set(name, [...(pairs.get(name) ?? []), { bare, taken }]);
  }
}
for (const [name, taken] of pairs) {
  const added = (of: (delay: Delay) => number): string =>
    formatEstimate(estimate(taken.map((pair) => of(pair.taken) - of(pair.bare))), 2);
  const worst = medianOf(taken.map((pair) => pair.taken.worstMs)).toFixed(1);
  const usual = medianOf(taken.map((pair) => pair.bare.worstMs)).toFixed(1);
  console.log(
    `  ${name.padEnd(26)} p99 of turns ${added(({ p99Ms }) => p99Ms)} ms, of timers ${added(({ timerP99Ms }) => timerP99Ms)} ms; worst turn ${worst} ms of CPU (${usual} without)`,
  );
}
if (ballast.length !== BALLAST_MB * 2500) console.log("the heap is kept");
server.stop();
await observers.close();
process.exit();
