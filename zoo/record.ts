/**
 * Records a series of the orders service under load into `zoo/recorded/orders-api`, for
 * machines without Go. Run it again when the service changes:
 *
 *     npm run record -w zoo
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { capture, CaptureFolder, type CaptureKind } from "@watertight/capture";
import { findGo } from "../e2e/real-parts.ts";
import { buildZoo } from "./build.ts";
import { driveLoad } from "./load.ts";
import { startService } from "./process.ts";

const RECORDED = join(dirname(fileURLToPath(import.meta.url)), "recorded", "orders-api");
const CAPTURES = 5;
const INTERVAL_MS = 4_000;
const REQUESTS_PER_SECOND = 20;
const KINDS: readonly CaptureKind[] = ["goroutines", "heap", "requests"];

const go = findGo();
if (go === undefined) throw new Error("recording needs a Go toolchain");
const binary = await buildZoo(go, "orders-api");
rmSync(RECORDED, { recursive: true, force: true });
const folder = await CaptureFolder.open(RECORDED);
await using service = await startService({ binary: binary.path, args: ["leaky"] });
const load = driveLoad({ url: `${service.url}/orders`, ratePerSecond: REQUESTS_PER_SECOND });
for (let index = 0; index < CAPTURES; index += 1) {
  await sleep(INTERVAL_MS);
  const moment = folder.startMoment(Date.now());
  const record = await capture(service.url, KINDS, {}, { rawFiles: moment, heap: "after-gc" });
  await moment.finish(record);
}
await load.stop();
load.close();
for (const name of readdirSync(RECORDED).filter((file) => file.endsWith(".txt"))) {
  const path = join(RECORDED, name);
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
  rmSync(path);
}
