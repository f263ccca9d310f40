/**
 * What the always-on agent costs each request, in CPU time of the serving thread. Each way of
 * running it is a process of its own that takes turns with a bare one, round by round, several
 * times with new processes: how one process lies in memory, and what V8 made of it, strays by more
 * than the agent costs. `bare again` is a second bare process: what it strays from zero is the
 * resolution. Start it on an idle machine.
 *
 *     npm run build
 *     npx node --conditions=watertight-source bench/agent-overhead.ts            8 pairs each
 *     npx node --conditions=watertight-source bench/agent-overhead.ts 30
 *
 * `agent-parts.ts` tells what each part of it costs, `agent-delay.ts` how long profiles make it wait.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { estimate, formatEstimate, medianOf } from "./paired-rounds.ts";

const PAIRS = Number(process.argv[2] ?? 8);
const ROUNDS = 10;
const REQUESTS_PER_ROUND = 4000;
const WARMUP_ROUNDS = 4;

const inFolder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const client = inFolder("contestants/http-load.mjs");
const server = inFolder("contestants/http-handler.mjs");
const register = new URL("../packages/agent/dist/register.js", import.meta.url).href;

/** Undefined: without the agent. Else what its environment is. */
const modes: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = {
  "bare again": undefined,
  "--import register": {},
  "externalMemory: off": { WATERTIGHT_EXTERNAL_MEMORY: "off" },
  "externalMemory: all": { WATERTIGHT_EXTERNAL_MEMORY: "all" },
  "cpuProfile: ready": { WATERTIGHT_CPU_PROFILE: "ready" },
};

/** A process that answers in rounds, and its client. */
class Contestant implements Disposable {
  readonly #child: ChildProcess;
  #client: ChildProcess | undefined;

  constructor(handler: string, env: Readonly<Record<string, string>> | undefined) {
    this.#child = fork(server, [handler], {
      execArgv: env === undefined ? [] : [`--import=${register}`],
      env: { ...process.env, NODE_OPTIONS: "", ...env },
    });
  }

  async start(): Promise<void> {
    const [{ port }] = (await once(this.#child, "message")) as [{ port: number }];
    this.#client = spawn(process.execPath, [client, String(port), "1", "16"]);
    for (let round = 0; round < WARMUP_ROUNDS; round++) await this.takeRound();
  }

  /** Microseconds of CPU for each request. */
  async takeRound(): Promise<number> {
    const answer = once(this.#child, "message");
    this.#child.send({ count: REQUESTS_PER_ROUND });
    const [{ micros }] = (await answer) as [{ micros: number }];
    return micros;
  }

  [Symbol.dispose](): void {
    this.#client?.kill("SIGKILL");
    this.#child.kill("SIGKILL");
  }
}

/** The change in percent, as the median of rounds that take turns. */
async function comparePair(
  handler: string,
  env: Readonly<Record<string, string>> | undefined,
): Promise<{ readonly bareMicros: number; readonly percent: number }> {
  using bare = new Contestant(handler, undefined);
  using other = new Contestant(handler, env);
  await Promise.all([bare.start(), other.start()]);
  const bares = [await bare.takeRound()];
  const changes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const during = await other.takeRound();
    const before = bares.at(-1) as number;
    const after = await bare.takeRound();
    bares.push(after);
    changes.push((during / ((before + after) / 2) - 1) * 100);
  }
  return { bareMicros: medianOf(bares), percent: medianOf(changes) };
}

console.log(`Node ${process.version}, ${PAIRS} pairs of processes each, ${ROUNDS} rounds a pair`);
for (const handler of ["nothing", "buffers"]) {
  const names = Object.keys(modes);
  const changes = new Map<string, number[]>(names.map((name) => [name, []]));
  const bare: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    for (const name of names) {
      const { bareMicros, percent } = await comparePair(handler, modes[name]);
      bare.push(bareMicros);
      changes.get(name)?.push(percent);
    }
  }
  const each = medianOf(bare);
  console.log(
    `a handler that ${handler === "nothing" ? "does nothing" : "makes a dozen buffers"}: ${each.toFixed(1)} µs of CPU per request`,
  );
  for (const [name, values] of changes) {
    const change = estimate(values);
    const nanos = Math.round((change.median / 100) * each * 1000);
    console.log(`  ${name.padEnd(20)} ${formatEstimate(change)} %  (${nanos} ns)`);
  }
}
process.exit();
