/**
 * Sends requests to a program in its own process, a few at a time, and never waits for one that
 * is stuck. Written with callbacks: nothing of it is ever among the program's suspended tasks.
 */
import type { NodeProgram } from "./program.ts";

/** Requests at a time: enough for lock orders and shared keys to meet. */
const WAVE = 5;
const SETTLE_MS = 30;

export interface Drive {
  /** Number of the first request. */
  readonly first: number;
  readonly count: number;
  /** How long a wave is waited for. */
  readonly giveUpMs: number;
  /** Requests in a wave; 5 when it is left out. */
  readonly atATime?: number;
}

/** Calls `done` with how many requests settled, once all did or were given up. */
export function driveRequests(
  { request }: Pick<NodeProgram, "request">,
  { first, count, giveUpMs, atATime = WAVE }: Drive,
  done: (settled: number) => void,
): void {
  let settled = 0;
  const sendWave = (from: number): void => {
    if (from >= first + count) {
      setTimeout(done, SETTLE_MS, settled);
      return;
    }
    const size = Math.min(atATime, first + count - from);
    let open = size;
    let isOver = false;
    const next = (): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      sendWave(from + size);
    };
    const timer = setTimeout(next, giveUpMs);
    const finish = (): void => {
      settled += 1;
      open -= 1;
      if (open === 0) next();
    };
    for (let n = from; n < from + size; n++) request(n).then(finish, finish);
  };
  sendWave(first);
}

/**
 * A program as the body of a test: start, some requests, stop. Stuck requests are given up, as a
 * test with its own time limit would.
 */
export async function runBody(
  program: NodeProgram,
  count: number,
  giveUpMs: number,
): Promise<void> {
  // Awaited only where there is one: some tools see no further than the test's first await.
  if (program.start) await program.start();
  await new Promise<number>((resolve) =>
    driveRequests(program, { first: 1, count, giveUpMs }, resolve),
  );
  await program.stop?.();
}
