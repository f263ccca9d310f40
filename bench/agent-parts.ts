/**
 * What each part of the agent costs a request, in CPU time of the serving thread: rounds with and
 * without it take turns in one process, and each is compared with the bare rounds beside it.
 * `nothing` is a round without anything by the same reckoning: what it strays from zero is the
 * resolution. Parts are switched on and off, which V8 has to compile for anew; what the agent costs
 * as it runs for good, `agent-overhead.ts` tells. Start it on an idle machine.
 *
 *     npx node --conditions=watertight-source bench/agent-parts.ts            40 rounds each
 *     npx node --conditions=watertight-source bench/agent-parts.ts 250 "the whole agent"    one part, beside `nothing`
 */
import type { RequestListener } from "node:http";
import { startAgent } from "@watertight/agent";
import { readEnvironment } from "../packages/agent/src/agent-options.ts";
import {
  type ExternalTracking,
  openExternalMemory,
} from "../packages/agent/src/external/external-memory.ts";
import { openCpuProfiler } from "../packages/agent/src/profiles/cpu.ts";
import { startHeapSampling } from "../packages/agent/src/profiles/heap.ts";
import {
  openRequestRegistry,
  type RequestTracking,
} from "../packages/agent/src/requests/request-registry.ts";
import { type Load, type LoadedServer, startLoadedServer } from "./loaded-server.ts";
import { estimate, formatEstimate, medianOf } from "./paired-rounds.ts";

/** So many that each round has its share of garbage collections. */
const REQUESTS_PER_ROUND = 12_000;
const SETTLING_REQUESTS = 8_000;
const [, , rounds = "40", ...wanted] = process.argv;
const ROUNDS = Number(rounds);

type Stop = () => void | Promise<void>;
type Mode = () => Stop | Promise<Stop>;

const withRequests = (tracking: RequestTracking) => (): Stop => {
  const registry = openRequestRegistry(tracking, undefined);
  return () => registry.close();
};
const withExternal = (tracking: ExternalTracking) => (): Stop => {
  const external = openExternalMemory(tracking);
  return () => external.close();
};

const nothing: Mode = () => () => {};
const wholeAgent: Mode = async () => {
  // As `register` starts it, with its server, its file and everything that is always on.
  const agent = await startAgent(readEnvironment({}));
  return () => agent.stop();
};

/** Its parts, by what the options call them. */
const bareModes: Readonly<Record<string, Mode>> = {
  nothing,
  "the whole agent": wholeAgent,
  "heap sampling": () => {
    const sampling = startHeapSampling();
    return () => sampling.stop();
  },
  'externalMemory: "buffers"': withExternal("buffers"),
  'cpuProfile: "ready"': () => {
    const profiler = openCpuProfiler("ready", openRequestRegistry("off", undefined));
    return () => profiler.close();
  },
  'requests: "auto"': withRequests("auto"),
  'requests: "on"': withRequests("on"),
};

function selectModes(): Readonly<Record<string, Mode>> {
  if (wanted.length === 0) return bareModes;
  const parts = Object.entries(bareModes).filter(([name]) => wanted.includes(name));
  return { nothing, ...Object.fromEntries(parts) };
}

const answerBare: RequestListener = (_, response) => void response.end("ok");

/** As browsers and load balancers ask: one request at a time on a connection. */
const ALONE: Load = { connections: 16, atOnce: 1 };
/** Requests that need the least of Node: most of them come and go in one piece. */
const PIPELINED: Load = { connections: 1, atOnce: 16 };

/**
 * Microseconds of this thread's CPU for each request of a round, once it has settled: what is
 * switched on or off makes V8 compile some functions anew.
 */
async function takeRound(server: LoadedServer): Promise<number> {
  await server.answer(SETTLING_REQUESTS);
  const before = process.threadCpuUsage();
  await server.answer(REQUESTS_PER_ROUND);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / REQUESTS_PER_ROUND;
}

interface Comparison {
  readonly title: string;
  readonly handle: RequestListener;
  readonly load: Load;
  readonly modes: Readonly<Record<string, Mode>>;
}

async function compare({ title, handle, load, modes }: Comparison): Promise<void> {
  const server = await startLoadedServer(handle, load);
  for (let warmup = 0; warmup < 5; warmup++) await takeRound(server);
  const names = Object.keys(modes);
  const changes = new Map<string, number[]>(names.map((name) => [name, []]));
  const bare: number[] = [await takeRound(server)];
  for (let round = 0; round < ROUNDS; round++) {
    // Each round begins with another one: what comes first is no different from what comes last.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length] as string;
      const stop = await (modes[name] as Mode)();
      const during = await takeRound(server);
      await stop();
      const before = bare.at(-1) as number;
      const after = await takeRound(server);
      bare.push(after);
      changes.get(name)?.push((during / ((before + after) / 2) - 1) * 100);
    }
  }
  server.stop();
  const each = medianOf(bare);
  console.log(`${title}: ${each.toFixed(1)} µs of CPU per request, ${ROUNDS} rounds each`);
  for (const [name, values] of changes) {
    const change = estimate(values);
    const nanos = Math.round((change.median / 100) * each * 1000);
    console.log(`  ${name.padEnd(26)} ${formatEstimate(change)} %  (${nanos} ns)`);
  }
}

console.log(`Node ${process.version}`);
const nothingDone = { title: "a handler that does nothing", handle: answerBare };
await compare({ ...nothingDone, load: ALONE, modes: selectModes() });
await compare({
  ...nothingDone,
  title: "the same, pipelined",
  load: PIPELINED,
  modes: selectModes(),
});
process.exit();
