/**
 * Records series of the zoo's Node programs as examples of the rules:
 * `node --conditions=watertight-source packages/diagnose/test/record-node-series.ts [PART OF A NAME]`.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { captureProgram } from "../../../zoo/node/capture-program.ts";
import { listPrograms } from "../../../zoo/node/list.ts";
import { startUpstream } from "../../../zoo/node/process.ts";
import { writeRecordedProgram } from "./recorded-node-series.ts";

const ROOT = dirname(fileURLToPath(new URL("../../../package.json", import.meta.url)));
const CAPTURES = 5;

/** A leaking program of each cause with its healthy twin, and healthy ones that look like leaks. */
const RECORDED: ReadonlySet<string> = new Set([
  "channel-receive/never-closed",
  "channel-send/bounded-queue",
  "context-ignored/poll-loop",
  "external-memory-growth/receipts",
  "handle-leak/agent-per-request",
  "handle-leak/socket",
  "hard-healthy/cache-warm-up",
  "hard-healthy/connection-pool",
  "hard-healthy/global-fetch",
  "hard-healthy/lazy-singleton",
  "hard-healthy/long-poll",
  "hard-healthy/websocket-like",
  "hard-healthy/worker-queue",
  "iterator-abandoned/cursor-kept",
  "listener-growth/abort-signal",
  "lock-held/holder-suspended",
  "memory-growth/map-cache",
  "promise-pending/dropped-resolver",
  "promise-pending/stale-sequence",
  "stream-stalled/transform-silent",
  "timer-loop/heartbeat",
  "timer-loop/immediate-loop",
  "unclosed-body/fetch-status",
]);

const [only = ""] = process.argv.slice(2);
using upstream = await startUpstream();
for (const program of listPrograms()) {
  if (!RECORDED.has(program.name) || !program.name.includes(only)) continue;
  const { captures } = await captureProgram(program, upstream, { count: CAPTURES });
  const { name, twin, leaks } = program;
  const causes = leaks.flatMap((leak) => leak.causes);
  const lines = leaks.flatMap((leak) => leak.sites.map(({ line }) => line));
  writeRecordedProgram({ name, twin, causes, lines, captures }, ROOT);
}
process.exit();
