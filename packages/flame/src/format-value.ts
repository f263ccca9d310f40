/** Values as people write them. Pages run these functions too, so they lean on nothing else. */

/** Three digits, never in exponents: `1.50`, `15.0`, `150`, `1,500`. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 999.5) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

/**
 * `1.50 MiB`, `2.50 s`, `12,345`: bytes in binary steps, durations in the step that fits,
 * everything else as a number in groups of three digits.
 */
export function formatValue(value: number, unit: string): string {
  const steps: Record<string, readonly (readonly [number, string])[]> = {
    bytes: [
      [2 ** 40, "TiB"],
      [2 ** 30, "GiB"],
      [2 ** 20, "MiB"],
      [2 ** 10, "KiB"],
      [1, "B"],
    ],
    time: [
      [3600e9, "h"],
      [60e9, "min"],
      [1e9, "s"],
      [1e6, "ms"],
      [1e3, "µs"],
      [1, "ns"],
    ],
  };
  const nanoseconds: Record<string, number> = {
    nanoseconds: 1,
    microseconds: 1e3,
    milliseconds: 1e6,
    seconds: 1e9,
  };
  const each = nanoseconds[unit];
  const ladder = each === undefined ? steps[unit] : steps["time"];
  if (ladder === undefined)
    return Number.isInteger(value) ? value.toLocaleString("en-US") : threeDigits(value);
  const scaled = value * (each ?? 1);
  const smallest = ladder.at(-1)!;
  const [size, name] = ladder.find(([size]) => Math.abs(scaled) >= size) ?? smallest;
  return `${size === 1 ? Math.round(scaled).toLocaleString("en-US") : threeDigits(scaled / size)} ${name}`;
}

/** `12.3 %`; shares too small to show are `< 0.1 %`. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent.toFixed(percent > 99.95 || percent === 0 ? 0 : 1)} %`;
}

/** What a page needs in order to format. */
export const FORMATTING: readonly ((...args: never[]) => unknown)[] = [
  threeDigits,
  formatValue,
  formatShare,
];
