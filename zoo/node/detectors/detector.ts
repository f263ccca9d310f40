/**
 * A test-time leak detector: given a program as the body of a test, what does it report? Each
 * runs in a process of its own per program.
 */
import { execFile } from "node:child_process";
import { NODE_FLAGS } from "../process.ts";

const RUN_MS_MAX = 30_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** A line that a finding names, as `promise-pending/lost-wakeup/leaky.ts:18`. */
export type NamedLine = string;

export interface DetectorFinding {
  readonly text: string;
  readonly lines: readonly NamedLine[];
  /** Cause id, from detectors that name one. */
  readonly cause?: string;
}

export interface Detector {
  readonly name: string;
  /** Head of a narrow column. */
  readonly short: string;
  /** Sources whose change makes kept results worthless; undefined when results are never kept. */
  readonly keptBy: readonly string[] | undefined;
  /** Arguments to Node, its own flags first. */
  readonly args: (programPath: string) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Reads the findings out of what it wrote; throws when it did not get that far. */
  readonly read: (output: DetectorOutput) => readonly DetectorFinding[];
}

export interface DetectorOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a detector on one program; rejects when it could not judge within {@link RUN_MS_MAX}. */
export async function runDetector(
  detector: Detector,
  programPath: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly DetectorFinding[]> {
  const output = await runNode(detector, programPath, env);
  try {
    return detector.read(output);
  } catch (error) {
    const { stdout, stderr } = output;
    throw new Error(`${detector.name} on ${programPath}: ${String(error)}: ${stdout}${stderr}`, {
      cause: error,
    });
  }
}

function runNode(
  { args, env: ownEnv }: Detector,
  programPath: string,
  env: Readonly<Record<string, string>>,
): Promise<DetectorOutput> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...NODE_FLAGS, ...args(programPath)],
      {
        env: { ...process.env, ...env, ...ownEnv, ZOO_PROGRAM: programPath, NO_COLOR: "1" },
        timeout: RUN_MS_MAX,
        killSignal: "SIGKILL",
        maxBuffer: OUTPUT_BYTES_MAX,
      },
      // Most of them end with a code when they found something.
      (_error, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });
}

/** Every line of a program of the zoo that a text names, in order, once each. */
export function namedLines(text: string): readonly NamedLine[] {
  const found = text.matchAll(/([\w-]+\/[\w-]+\/(?:leaky|healthy)\.ts):(\d+)/g);
  return [...new Set([...found].map(([, file, line]) => `${file}:${line}`))];
}
