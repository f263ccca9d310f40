/**
 * What the agent costs each request of a bare `node:http` handler, in CPU time of the serving
 * thread: rounds take turns in one process, and each is compared with the bare rounds beside it.
 * The resolution is what bare rounds differ among themselves by the same reckoning.
 *
 *     npx node --conditions=watertight-source bench/agent-overhead.ts
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { startHeapSampling } from "../packages/agent/src/profiles/heap.ts";
import { loadNativeProfiler } from "../packages/agent/src/profiles/datadog-pprof.ts";
import { openRequestRegistry } from "../packages/agent/src/requests/request-registry.ts";

const REQUESTS_PER_ROUND = 4000;
const ROUNDS = Number(process.argv[2] ?? 40);

type Stop = () => void | Promise<void>;

const modes: Readonly<Record<string, () => Stop | Promise<Stop>>> = {
  "bare again": () => () => {},
  'requests: "auto"': () => {
    const registry = openRequestRegistry("auto", undefined);
    return () => registry.close();
  },
  'requests: "on"': () => {
    const registry = openRequestRegistry("on", undefined);
    return () => registry.close();
  },
  "heap sampling": async () => {
    const sampling = await startHeapSampling();
    return () => sampling.stop();
  },
};

let answered = 0;
let wake: (() => void) | undefined;
const server = createServer((_, response) => {
  response.end("ok");
  if (++answered % REQUESTS_PER_ROUND === 0) wake?.();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
const load = spawn(process.execPath, [
  fileURLToPath(new URL("contestants/http-load.mjs", import.meta.url)),
  String(port),
]);

/** Microseconds of this thread's CPU for each request of one round. */
async function takeRound(): Promise<number> {
  await new Promise<void>((resolve) => (wake = resolve));
  const before = process.threadCpuUsage();
  await new Promise<void>((resolve) => (wake = resolve));
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / REQUESTS_PER_ROUND;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (
    ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2
  );
}

/** Half the width that holds the median of so many values in 95 of 100 cases (order statistics). */
function halfWidth(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const reach = Math.ceil(0.98 * Math.sqrt(sorted.length));
  const middle = sorted.length >> 1;
  const low = sorted[Math.max(0, middle - reach)] as number;
  const high = sorted[Math.min(sorted.length - 1, middle + reach)] as number;
  return (high - low) / 2;
}

await takeRound();
await takeRound();
const ratios = new Map<string, number[]>(Object.keys(modes).map((name) => [name, []]));
const bare: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, start] of Object.entries(modes)) {
    const before = await takeRound();
    const stop = await start();
    const during = await takeRound();
    await stop();
    const after = await takeRound();
    bare.push(before);
    ratios.get(name)?.push((during / ((before + after) / 2) - 1) * 100);
  }
}
console.log(
  `bare handler: ${median(bare).toFixed(1)} µs of CPU per request, ${ROUNDS} rounds each`,
);
for (const [name, values] of ratios) {
  console.log(`${name}: ${median(values).toFixed(1)} % ± ${halfWidth(values).toFixed(1)}`);
}

// What a profile adds to the event loop's delay is what its start and its end take in one piece.
const native = await loadNativeProfiler();
for (const step of native === undefined ? [] : (["start", "stop"] as const)) {
  const pieces: number[] = [];
  for (let round = 0; round < 9; round++) {
    if (step === "stop") native?.time.start({ intervalMicros: 10_000, lineNumbers: true });
    const before = process.threadCpuUsage();
    if (step === "start") native?.time.start({ intervalMicros: 10_000, lineNumbers: true });
    else native?.time.stop();
    const { user, system } = process.threadCpuUsage(before);
    pieces.push((user + system) / 1000);
    if (step === "start") native?.time.stop();
  }
  console.log(
    `CPU profile, ${step}: median ${median(pieces).toFixed(2)} ms, worst ${Math.max(...pieces).toFixed(2)} ms`,
  );
}
load.kill();
server.closeAllConnections();
server.close();
process.exit();
