/** One run of one program: start, load, and a series of captures taken from outside, by its pid. */
import { attach } from "@watertight/capture";
import type { Observation } from "@watertight/diagnose";
import type { ZooProgram } from "./list.ts";
import { type RunningUpstream, startProgram } from "./process.ts";
import { nodeLoadOf } from "./truth.ts";

/** As few as the product judges growth by. */
export const CAPTURES_DEFAULT = 4;

/** Everything that a run brought. */
export interface ProgramRun {
  readonly program: ZooProgram;
  /** As `watertight inspect PID` would have taken them, with the number of requests beside. */
  readonly captures: readonly Observation[];
}

/** How many captures, and the Node that runs the program: this one by default. */
export interface CaptureOptions {
  readonly count?: number;
  readonly execPath?: string;
}

/** Runs a program once; nothing in it is prepared for being looked at. */
export async function captureProgram(
  program: ZooProgram,
  upstream: RunningUpstream,
  { count = CAPTURES_DEFAULT, ...node }: CaptureOptions = {},
): Promise<ProgramRun> {
  const { warm, step } = nodeLoadOf(program);
  using running = await startProgram(program, upstream, node);
  let { sent } = await running.run(warm);
  // However busy the machine is, every line is asked for.
  const attached = await attach(running.pid, { budget: { standstillMs: 60_000 } });
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
