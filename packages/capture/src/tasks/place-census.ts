/**
 * The line that opened, filled or listened. A heap knows the function that a timer calls or the variable that holds a
 * buffer, not the line that made it; the file that runs has that line nearby. It is told only where exactly one line,
 * or one nearest line, fits, and where a source map says that it was written.
 */
import { readFile, stat } from "node:fs/promises";
import type { CensusEntry, Frame } from "@watertight/profile";
import { isGenerated, type SourceMaps, type WrittenFile } from "./source-maps.ts";

const FILE_BYTES_MAX = 2 * 1024 * 1024;
const FILES_MAX = 200;
/** Nobody writes longer lines: a minifier joined many, and a match in one of them says little. */
const LINE_LENGTH_MAX = 500;

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

/** A file that runs. */
interface RunningFile {
  readonly lines: readonly string[];
  /** Where it was written, when something else made it. */
  readonly written: WrittenFile | undefined;
}

/** A line that fits, and where in it. */
interface Match {
  readonly line: number;
  readonly column: number;
}

/** The entries with their places made exact, as far as the sources say. */
export async function placeCensus(
  entries: readonly CensusEntry[],
  maps: SourceMaps,
): Promise<readonly CensusEntry[]> {
  const files = new Map<string, Promise<RunningFile | undefined>>();
  const open = (file: string): Promise<RunningFile | undefined> => {
    const known = files.get(file);
    if (known !== undefined) return known;
    if (files.size >= FILES_MAX) return Promise.resolve(undefined);
    const read = readRunning(file, maps).catch(() => undefined);
    files.set(file, read);
    return read;
  };
  return await Promise.all(
    entries.map(async (entry) => {
      const { place } = entry;
      if (place === undefined || !place.file.startsWith("/")) return entry;
      const file = await open(place.file);
      return file === undefined ? entry : { ...entry, place: makeExact(entry, place, file) };
    }),
  );
}

async function readRunning(file: string, maps: SourceMaps): Promise<RunningFile | undefined> {
  if ((await stat(file)).size > FILE_BYTES_MAX) return undefined;
  const text = await readFile(file, "utf8");
  const written = await maps.read(file);
  return isGenerated(text) && written === undefined
    ? undefined
    : { lines: text.split("\n"), written };
}

function makeExact(entry: CensusEntry, place: Frame, { lines, written }: RunningFile): Frame {
  const match = findLine(lines, entry, place);
  if (written === undefined) return match === undefined ? place : { ...place, line: match.line };
  const { line, column } = match ?? { line: place.line, column: 0 };
  if (line > 0) return { ...place, line, ...written.find(line, column) };
  return written.source === undefined ? place : { ...place, file: written.source };
}

function findLine(lines: readonly string[], entry: CensusEntry, place: Frame): Match | undefined {
  for (const pattern of patternsFor(entry, place)) {
    const found = linesWith(lines, pattern);
    if (found.length === 0) continue;
    if (place.line === 0) return found.length === 1 ? found[0] : undefined;
    return found.reduce((best, match) =>
      distance(match.line, place) < distance(best.line, place) ? match : best,
    );
  }
  return undefined;
}

/** What made something stands above its callback more often than below. */
function distance(line: number, place: Frame): number {
  return line <= place.line ? (place.line - line) * 2 : (line - place.line) * 2 + 1;
}

function linesWith(lines: readonly string[], pattern: RegExp): readonly Match[] {
  return lines.flatMap((text, index) => {
    if (text.length > LINE_LENGTH_MAX || DECLARATION.test(text)) return [];
    const found = pattern.exec(text);
    // A pattern may begin with the character in front.
    return found === null ? [] : [{ line: index + 1, column: found.index + 2 }];
  });
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
