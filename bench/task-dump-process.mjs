// A lean service with many suspended functions and the agent, as it is published, preloaded. Its
// parent asks the agent for task profiles, and this process how long it stood still meanwhile.
//
//     node --import packages/agent/dist/register.js bench/task-dump-process.mjs 10000
const held = [];

async function waitForTurn(index) {
  await new Promise((resolve) => held.push(resolve));
  return index;
}

async function handle(index) {
  return (await waitForTurn(index)) + 1;
}

for (let i = 0; i < Number(process.argv[2]) / 2; i++) held.push(handle(i));

/** Shorter gaps between two turns of the event loop are not told from its timer. */
const STANDSTILL_MS_MIN = 10;

/** Milliseconds that this thread has worked; Node 22 does not tell. */
const threadMs = () => {
  const { user, system } = process.threadCpuUsage?.() ?? { user: 0, system: 0 };
  return (user + system) / 1000;
};

let standstills = [];
let worked = [];
let lastMs = performance.now();
let lastThreadMs = threadMs();
let cpu = process.cpuUsage();
setInterval(() => {
  const nowMs = performance.now();
  const nowThreadMs = threadMs();
  if (nowMs - lastMs >= STANDSTILL_MS_MIN) {
    standstills.push(nowMs - lastMs);
    worked.push(nowThreadMs - lastThreadMs);
  }
  lastMs = nowMs;
  lastThreadMs = nowThreadMs;
}, 1);

process.on("message", () => {
  const { user, system } = process.cpuUsage(cpu);
  process.send({
    heapMb: process.memoryUsage().heapUsed / 1_048_576,
    peakMb: process.resourceUsage().maxRSS / 1024,
    worstMs: Math.max(0, ...standstills),
    worstCpuMs: Math.max(0, ...worked),
    sumMs: standstills.reduce((sum, ms) => sum + ms, 0),
    cpuMs: (user + system) / 1000,
  });
  standstills = [];
  worked = [];
  cpu = process.cpuUsage();
});
process.send("ready");
