/** Option values from text. Each parser throws commander's own error, which names the option. */
import { InvalidArgumentError } from "commander";

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `5s`, `500ms`, `2m`, `1h`; a bare number is seconds. Gives milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?$/.exec(text.trim());
  if (match === null) throw new InvalidArgumentError("Write a duration such as 5s, 500ms or 2m.");
  const durationMs = Number(match[1]) * (DURATION_UNITS_MS[match[2] ?? "s"] as number);
  if (durationMs > 7 * 86_400_000) throw new InvalidArgumentError("At most 7d.");
  return durationMs;
}

const BYTE_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/** `256MiB`, `2G`, `1048576`. Gives bytes; every prefix is a power of 1024. */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  if (match === null) throw new InvalidArgumentError("Write a size such as 256MiB or 2G.");
  return Math.floor(Number(match[1]) * (BYTE_UNITS[(match[2] ?? "").toLowerCase()] as number));
}

/** A parser of whole numbers within bounds. */
export function parseCount(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** Collects `Name: value` headers of a repeated option. The value may be secret and is in no message. */
export function collectHeader(
  text: string,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Write "Name: value".');
  return { ...headers, [match[1] as string]: match[2] as string };
}
