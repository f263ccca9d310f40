/**
 * Records series of the zoo's services as fixtures, for machines without Go:
 * `npm run record -w packages/diagnose`.
 * Built with `-trimpath`, so that no folder of the recording machine is in them.
 */
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { findGoToolchains } from "../../../e2e/real-parts.ts";
import { buildZoo } from "../../../zoo/build.ts";
import { captureRun, type RawCapture } from "../../../zoo/capture-run.ts";
import { listServices } from "../../../zoo/list.ts";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "fixtures", "series");

/** What is recorded: leaking services with their healthy twins, and healthy ones that look like leaks. */
const RECORDED: ReadonlySet<string> = new Set([
  "channel-send/early-return",
  "hard-healthy/load-ramp",
  "hard-healthy/long-poll",
  "hard-healthy/worker-pool",
  "memory-growth/map-cache",
  "unclosed-body/sniff",
]);

function pack(capture: RawCapture): object {
  const { heap, ...rest } = capture;
  return { ...rest, ...(heap && { heap: Buffer.from(heap).toString("base64") }) };
}

const go = findGoToolchains().find(({ version }) => version === "1.26");
if (go === undefined) throw new Error("Recording needs Go 1.26: its zoo is built with -trimpath.");
const built = await buildZoo(go);
// A heap profile names its binary: run it from a folder that says nothing.
const binary = { ...built, path: join(tmpdir(), "zoo-recorded") };
copyFileSync(built.path, binary.path);
for (const service of listServices().filter(({ name }) => RECORDED.has(name))) {
  const run = await captureRun(service, binary);
  const text = JSON.stringify(run.captures.map(pack));
  const name = `${service.name.replaceAll("/", "-")}-${service.twin}.json.gz`;
  writeFileSync(join(FOLDER, name), gzipSync(text, { level: 9 }));
}
rmSync(binary.path);
