/** What surrounds the process: its streams, what they can show, and the reader's wishes. */
import type { Readable } from "node:stream";
import type { WriteStream } from "node:tty";

export interface Surroundings {
  readonly stdin: Readable;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Aborted by the first SIGINT or SIGTERM: finish what is begun and end. */
  readonly stop: AbortSignal;
}

export type ColourWish = "auto" | "always" | "never";

/** Whether to colour: the option, then NO_COLOR, FORCE_COLOR and a dumb terminal, then whether it is one at all. */
export function decideColour(
  wish: ColourWish,
  stream: Pick<WriteStream, "isTTY">,
  env: NodeJS.ProcessEnv,
): "always" | "never" {
  if (wish !== "auto") return wish;
  if ((env["NO_COLOR"] ?? "") !== "") return "never";
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "0" && forced !== "false") return "always";
  return stream.isTTY && env["TERM"] !== "dumb" ? "always" : "never";
}

/** `ascii` for a terminal whose locale is not UTF-8; what is written to a file or a pipe is always UTF-8. */
export function decideCharset(
  stream: Pick<WriteStream, "isTTY">,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): "unicode" | "ascii" {
  if (!stream.isTTY || platform === "win32" || platform === "darwin") return "unicode";
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  if (env["TERM"] === "linux") return "ascii";
  return /utf-?8/i.test(locale) ? "unicode" : "ascii";
}

/** Columns to write for: the terminal's, else COLUMNS, else 100. */
export function decideColumns(
  stream: Pick<WriteStream, "columns" | "isTTY">,
  env: NodeJS.ProcessEnv,
): number {
  const wished = Number(env["COLUMNS"]);
  const columns = stream.isTTY ? stream.columns : wished;
  return Number.isFinite(columns) && columns > 0 ? columns : 100;
}
