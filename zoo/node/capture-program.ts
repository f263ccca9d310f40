/** One run of one program: start, load, and a series of captures taken from outside, by its pid. */
import { attach, capture, type CaptureRecord } from "@watertight/capture";
import type { Observation } from "@watertight/diagnose";
import type { ZooProgram } from "./list.ts";
import { type RunningUpstream, type StartOptions, startProgram } from "./process.ts";
import { nodeLoadOf } from "./truth.ts";

/** As few as the product judges growth by. */
export const CAPTURES_DEFAULT = 4;

/** Everything that a run brought. */
export interface ProgramRun {
  readonly program: ZooProgram;
  /** As `watertight inspect PID` would have taken them, with the number of requests beside. */
  readonly captures: readonly Observation[];
}

/** How many captures, of a program that is started how. */
export interface CaptureOptions extends StartOptions {
  readonly count?: number;
}

/** However busy the machine is, every line is asked for. */
const STANDSTILL_MS = 60_000;

/** Runs a program once; nothing in it is prepared for being looked at. */
export async function captureProgram(
  program: ZooProgram,
  upstream: RunningUpstream,
  { count = CAPTURES_DEFAULT, ...node }: CaptureOptions = {},
): Promise<ProgramRun> {
  const { warm, step } = nodeLoadOf(program);
  using running = await startProgram(program, upstream, node);
  let { sent } = await running.run(warm);
  const attached = await (node.agent === "registered" ? throughAgent : throughInspector)(
    running.pid,
  );
  try {
    const captures: Observation[] = [];
    for (let index = 0; index < count; index += 1) {
      if (index > 0) ({ sent } = await running.run(step));
      captures.push({ ...(await attached.capture()), requestsServed: sent });
    }
    return { program, captures };
  } finally {
    await attached.close();
  }
}

/** What captures of a running program are taken from. */
interface CaptureSource {
  readonly capture: () => Promise<CaptureRecord>;
  readonly close: () => Promise<void>;
}

async function throughInspector(pid: number): Promise<CaptureSource> {
  return await attach(pid, { budget: { standstillMs: STANDSTILL_MS } });
}

/** By its pid as well: the agent in it says where it is. */
async function throughAgent(pid: number): Promise<CaptureSource> {
  const target = { kind: "pid", pid, display: `process ${pid}` } as const;
  return {
    capture: () => capture(target, ["goroutines"], { taskStandstillMs: STANDSTILL_MS }),
    close: async () => {},
  };
}
