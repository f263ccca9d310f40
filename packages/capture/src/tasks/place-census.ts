/**
 * The line that opened, filled or listened. A heap knows the function that a timer calls or the variable that holds a
 * buffer, not the line that made it; the source on disk has that line nearby. Only files that the process itself
 * runs are read, and only where exactly one line, or one nearest line, fits.
 */
import { readFile, stat } from "node:fs/promises";
import type { CensusEntry, Frame } from "@watertight/profile";

const FILE_BYTES_MAX = 2 * 1024 * 1024;
const FILES_MAX = 200;

/** Calls that make a handle, by what a census calls it. */
const MAKERS: Readonly<Record<string, RegExp>> = {
  Socket: /\b(?:connect|createConnection)\(/,
  TLSSocket: /\bconnect\(/,
  Server: /\.listen\(/,
  "UDP socket": /\.bind\(|\bcreateSocket\(/,
  FileHandle: /\bopen\(/,
  FSWatcher: /\bwatch\(/,
  StatWatcher: /\bwatchFile\(/,
  ChildProcess: /\b(?:spawn|exec|execFile|fork)\(/,
  Worker: /\bnew Worker\(/,
  MessagePort: /\bnew MessageChannel\(/,
  Agent: /\bnew (?:\w+\.)?(?:Agent|Pool|Client)\(/,
  ReadStream: /\bcreateReadStream\(/,
  WriteStream: /\bcreateWriteStream\(/,
  http: /\b(?:get|request)\(/,
};

const DECLARATION = /\bfunction\s*\*?\s*\w+\s*\(|^\s*(?:\/\/|\*|import\b)/;
const ALLOCATION =
  /\bBuffer\.(?:alloc|allocUnsafe|allocUnsafeSlow|from|concat)\(|\bnew (?:Uint8Array|ArrayBuffer|SharedArrayBuffer|\w+Array)\(/;

/** The entries with their places made exact, as far as the sources say. */
export async function placeCensus(
  entries: readonly CensusEntry[],
): Promise<readonly CensusEntry[]> {
  const sources = new Map<string, Promise<readonly string[] | undefined>>();
  const linesOf = (file: string): Promise<readonly string[] | undefined> => {
    const known = sources.get(file);
    if (known !== undefined) return known;
    if (sources.size >= FILES_MAX) return Promise.resolve(undefined);
    const lines = readLines(file).catch(() => undefined);
    sources.set(file, lines);
    return lines;
  };
  return await Promise.all(
    entries.map(async (entry) => {
      const { place } = entry;
      if (place === undefined || !place.file.startsWith("/")) return entry;
      const lines = await linesOf(place.file);
      const line = lines === undefined ? undefined : findLine(lines, entry, place);
      return line === undefined ? entry : { ...entry, place: { ...place, line } };
    }),
  );
}

async function readLines(file: string): Promise<readonly string[] | undefined> {
  if ((await stat(file)).size > FILE_BYTES_MAX) return undefined;
  const text = await readFile(file, "utf8");
  // What runs was made from another file: lines of this one mean nothing to a reader.
  return /^\/\/[#@] ?sourceMappingURL=/m.test(text) ? undefined : text.split("\n");
}

function findLine(lines: readonly string[], entry: CensusEntry, place: Frame): number | undefined {
  for (const pattern of patternsFor(entry, place)) {
    const found = linesWith(lines, pattern);
    if (found.length === 0) continue;
    if (place.line === 0) return found.length === 1 ? found[0] : undefined;
    return found.reduce((best, line) =>
      distance(line, place) < distance(best, place) ? line : best,
    );
  }
  return undefined;
}

/** What made something stands above its callback more often than below. */
function distance(line: number, place: Frame): number {
  return line <= place.line ? (place.line - line) * 2 : (line - place.line) * 2 + 1;
}

function linesWith(lines: readonly string[], pattern: RegExp): readonly number[] {
  return lines.flatMap((text, index) =>
    pattern.test(text) && !DECLARATION.test(text) ? [index + 1] : [],
  );
}

function patternsFor({ kind, name }: CensusEntry, place: Frame): readonly RegExp[] {
  const held = escape(name.slice(name.lastIndexOf(".") + 1));
  const fills = new RegExp(
    `(?:^|[^\\w$#])(?:this\\.)?${held}(?:\\.(?:set|add|push|unshift)\\(|\\[[^\\]]+\\]\\s*=[^=])`,
  );
  switch (kind) {
    case "handle":
    case "body": {
      const maker = MAKERS[name];
      return maker === undefined ? [] : [maker];
    }
    case "timer":
      return [timerPattern(place.function)];
    case "listeners":
      return [
        new RegExp(
          `\\b(?:on|once|addListener|prependListener|addEventListener)\\((?:\\w+,\\s*)?["'\`]${held}["'\`]`,
        ),
        fills,
      ];
    case "external":
      return [ALLOCATION, fills];
    case "collection":
      return [fills];
    case "request":
      return [];
  }
}

function timerPattern(callback: string): RegExp {
  const set = "\\bset(?:Timeout|Interval|Immediate)\\(";
  return /^[\w$]+$/.test(callback)
    ? new RegExp(`${set}\\s*${escape(callback)}\\b`)
    : new RegExp(set);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
