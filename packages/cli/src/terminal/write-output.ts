/** Results to where they belong: standard output, or a file that is whole or not there. */
import { rename, rm, writeFile } from "node:fs/promises";
import { CliError } from "../errors.ts";

/** Writes all of it and waits until it is handed over; a reader that has gone away ends the process quietly. */
export async function writeStream(
  stream: NodeJS.WritableStream,
  data: string | Uint8Array,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(data, (error) => (error ? reject(error) : resolve()));
  });
}

/** Writes a file beside its place and moves it there. @throws {CliError} `WT_CLI_OUTPUT_FAILED` */
async function writeWholeFile(path: string, data: string | Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, data);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw new CliError("WT_CLI_OUTPUT_FAILED", describeSystemError(error));
  }
}

/** `-` is standard output. */
export async function writeResult(
  path: string,
  data: string | Uint8Array,
  stdout: NodeJS.WritableStream,
): Promise<void> {
  await (path === "-" ? writeStream(stdout, data) : writeWholeFile(path, data));
}

/** `ENOENT: no such file or directory, open 'x'` without the system call's own words. */
export function describeSystemError(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^[A-Z0-9_]+: /, "") : String(error);
}
