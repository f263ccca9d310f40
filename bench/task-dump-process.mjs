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

let standstills = [];
let lastMs = performance.now();
let cpu = process.cpuUsage();
setInterval(() => {
  const nowMs = performance.now();
  if (nowMs - lastMs >= STANDSTILL_MS_MIN) standstills.push(nowMs - lastMs);
  lastMs = nowMs;
}, 1);

process.on("message", () => {
  const { user, system } = process.cpuUsage(cpu);
  process.send({
    heapMb: process.memoryUsage().heapUsed / 1_048_576,
    peakMb: process.resourceUsage().maxRSS / 1024,
    worstMs: Math.max(0, ...standstills),
    sumMs: standstills.reduce((sum, ms) => sum + ms, 0),
    cpuMs: (user + system) / 1000,
  });
  standstills = [];
  cpu = process.cpuUsage();
});
process.send("ready");
