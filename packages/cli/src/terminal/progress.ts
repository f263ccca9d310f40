/** One line on standard error that says what is going on, only where a person watches. */
import type { WriteStream } from "node:tty";

export interface Progress {
  /** Replaces the line. */
  show(text: string): void;
  /** Removes the line, before anything else is written. */
  clear(): void;
}

const SILENT: Progress = { show: () => undefined, clear: () => undefined };

/** A progress line, silent when standard error is no terminal or `quiet` is set. */
export function createProgress(
  stream: Pick<WriteStream, "isTTY" | "columns" | "write">,
  options: { readonly quiet: boolean },
): Progress {
  if (!stream.isTTY || options.quiet) return SILENT;
  let shown = false;
  return {
    show(text) {
      stream.write(`\r\u001b[2K${text.slice(0, Math.max(1, (stream.columns ?? 80) - 1))}`);
      shown = true;
    },
    clear() {
      if (shown) stream.write("\r\u001b[2K");
      shown = false;
    },
  };
}
