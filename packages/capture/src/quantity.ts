/** Numbers as they stand in a sentence. */

/** `300,000`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** `940 ms`, `5.2 s`, `38 s`. */
export function formatMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  return `${seconds < 10 ? seconds.toFixed(1).replace(/\.0$/, "") : formatCount(seconds)} s`;
}

/** `12 KiB`, `64 MiB`. */
export function formatBytes(bytes: number): string {
  const mib = bytes / (1024 * 1024);
  return mib < 1 ? `${formatCount(bytes / 1024)} KiB` : `${formatCount(mib)} MiB`;
}

/** `11.6 %`. */
export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** The next number with two digits that count: 2,625 becomes 2,700. */
export function roundUp(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.ceil(value / step) * step;
}
