/** Results of rivals, kept per program, tool and version: they change only when one of these does. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Detector, DetectorFinding } from "./detector.ts";

const ROOT = join(import.meta.dirname, "../../..");
const FOLDER = join(ROOT, "node_modules/.cache/watertight-zoo");

/** The kept result, or the one of `run`, which is then kept. */
export async function keepResult(
  detector: Detector,
  programPath: string,
  run: () => Promise<readonly DetectorFinding[]>,
): Promise<readonly DetectorFinding[]> {
  if (detector.keptBy === undefined) return await run();
  const path = join(FOLDER, `${hashOf([...detector.keptBy, programPath], detector.name)}.json`);
  const kept = readKept(path);
  if (kept !== undefined) return kept;
  const findings = await run();
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path, JSON.stringify(findings));
  return findings;
}

function readKept(path: string): readonly DetectorFinding[] | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as readonly DetectorFinding[];
  } catch {
    return undefined;
  }
}

function hashOf(paths: readonly string[], name: string): string {
  const hash = createHash("sha256").update(name).update(process.version).update(versions());
  for (const path of paths) hash.update(path).update(readFileSync(path));
  return hash.digest("hex").slice(0, 24);
}

/** What the root asks for is what is installed: the lock file says so. */
function versions(): string {
  return ["vitest", "jest", "why-is-node-running"]
    .map((name) => readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"))
    .map((text) => (JSON.parse(text) as { version: string }).version)
    .join();
}
