/**
 * How long a task profile makes a process stand still, with many suspended functions in it:
 * wall time between two turns of its event loop, and the CPU time of its main thread, which
 * other programs on the machine cannot spoil.
 *
 *     npx node --conditions=watertight-source bench/task-dump.ts 10000 100000
 */
import { TaskProfiler } from "../packages/agent/src/profiles/tasks.ts";
import { DEFAULT_TASK_BUDGET } from "@watertight/capture";

const held: unknown[] = [];

async function waitForTurn(index: number): Promise<number> {
  await new Promise((resolve) => held.push(resolve));
  return index;
}

async function handle(index: number): Promise<number> {
  return (await waitForTurn(index)) + 1;
}

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length === 0 ? [10_000, 100_000] : counts) {
  held.length = 0;
  for (let i = 0; i < count / 2; i++) held.push(handle(i));
  const profiler = new TaskProfiler();
  let worstMs = 0;
  let lastMs = performance.now();
  const turn = setInterval(() => {
    const nowMs = performance.now();
    worstMs = Math.max(worstMs, nowMs - lastMs);
    lastMs = nowMs;
  }, 1);
  const cpu = process.threadCpuUsage();
  const startMs = performance.now();
  const answer = await profiler.take({ debug: 1, tasks: "all", budget: DEFAULT_TASK_BUDGET }).then(
    (bytes) => `${bytes.length} bytes`,
    (error: Error) => error.message,
  );
  const wholeMs = performance.now() - startMs;
  const { user, system } = process.threadCpuUsage(cpu);
  clearInterval(turn);
  const heapMb = process.memoryUsage().heapUsed / 1_048_576;
  console.log(
    `${count} suspended functions (${heapMb.toFixed(0)} MB): worst standstill ${worstMs.toFixed(0)} ms, ` +
      `main thread ${((user + system) / 1000).toFixed(0)} ms of CPU, whole ${wholeMs.toFixed(0)} ms, ${answer}`,
  );
  await profiler.close();
}
process.exit();
