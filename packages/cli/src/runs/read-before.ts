/** What `verify` holds a service against: an earlier report, or the captures that it came from. */
import { open, readFile } from "node:fs/promises";
import { parseTarget, readCaptures, type CaptureRecord } from "@watertight/capture";
import { parseReports, type Report } from "@watertight/finding";
import { CliError } from "../errors.ts";
import { describeSystemError } from "../terminal/write-output.ts";

const REPORT_BYTES_MAX = 256 * 1024 * 1024;

/**
 * A report when the file is JSON (the one of `target` when it holds several), else captures.
 * @throws {CliError | CaptureError | FindingError}
 */
export async function readBefore(
  path: string,
  target: string,
): Promise<Report | readonly CaptureRecord[]> {
  const parsed = parseTarget(path);
  if (parsed.kind === "folder") return await readCaptures(path);
  if (parsed.kind !== "file") {
    throw new CliError("WT_CLI_USAGE", "--before takes a file or a folder");
  }
  if (!(await looksLikeJson(path))) return await readCaptures(path);
  const reports = parseReports(await readText(path));
  const same = reports.find((report) => report.target === target) ?? reports[0];
  if (same === undefined) throw new CliError("WT_CLI_INPUT_FAILED", `${path} holds no report`);
  return same;
}

async function looksLikeJson(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return /^\s*[{[]/.test(buffer.toString("utf8", 0, bytesRead));
  } catch (error) {
    throw new CliError("WT_CLI_INPUT_FAILED", describeSystemError(error));
  }
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > REPORT_BYTES_MAX) {
      throw new CliError("WT_CLI_INPUT_FAILED", `${path} is larger than 256 MiB`);
    }
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError("WT_CLI_INPUT_FAILED", describeSystemError(error));
  }
}
