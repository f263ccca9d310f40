/**
 * From a place in what runs to the place that was written, through source maps. They are read
 * from disk, where the running file names them: nothing is asked of the process.
 * Format: ECMA-426, `//# sourceMappingURL=` inline or beside the file.
 */
import { open, readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { decodedMappings, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Frame } from "@watertight/profile";

/** A frame with the column that a source map needs, 1-based; 0 when unknown. */
export interface ColumnFrame extends Frame {
  readonly column: number;
}

/** Source maps that are held at once; files beyond keep the places of what runs. */
const MAPS_MAX = 500;
const MAP_BYTES_MAX = 64 * 1024 * 1024;
/** A comment that names a file stands at the end; an inline one is as long as its map. */
const TAIL_BYTES = 2048;
const REFERENCE = /\/\/[#@] ?sourceMappingURL=(\S+)\s*$/;
const INLINE = /^data:application\/json[^,]*?(;base64)?,/;

/** Where something was written. */
export interface WrittenPlace {
  readonly file: string;
  readonly line: number;
}

/** One file that runs, and where its parts were written. */
export interface WrittenFile {
  /** The only file that it was made of; undefined for what a bundler made. */
  readonly source: string | undefined;
  /** Of a line and a column, both from 1 on; a column of 0 is unknown. Undefined where the map has no answer. */
  readonly find: (line: number, column: number) => WrittenPlace | undefined;
}

/** The source maps of the files of one process. */
export class SourceMaps {
  readonly #files = new Map<string, Promise<WrittenFile | undefined>>();

  /** The place as it was written; as given where there is no map. */
  async place({ column, ...frame }: ColumnFrame): Promise<Frame> {
    if (frame.line < 1) return frame;
    const written = await this.read(frame.file);
    return { ...frame, ...written?.find(frame.line, column) };
  }

  /** What a file was made of; undefined where there is no map. */
  read(file: string): Promise<WrittenFile | undefined> {
    const known = this.#files.get(file);
    if (known) return known;
    if (!file.startsWith("/") || this.#files.size >= MAPS_MAX) return Promise.resolve(undefined);
    const read = readMap(file).then(
      (map) => map && toWrittenFile(map),
      () => undefined,
    );
    this.#files.set(file, read);
    return read;
  }
}

function toWrittenFile(map: TraceMap): WrittenFile {
  const [source, ...others] = map.resolvedSources;
  return {
    source: source && others.length === 0 ? toPath(source) : undefined,
    find: (line, column) => {
      if (column < 1) return findByLine(map, line);
      const found = originalPositionFor(map, { line, column: column - 1 });
      if (found.source === null || found.line === null) return undefined;
      return { file: toPath(found.source), line: found.line };
    },
  };
}

/** Lines that one line of what runs may be made of while the first of them still says where it is. */
const LINES_JOINED_MAX = 5;

/** The first place of a line; none where a minifier put much of the program into it. */
function findByLine(map: TraceMap, line: number): WrittenPlace | undefined {
  const segments = (decodedMappings(map)[line - 1] ?? []).filter((segment) => segment.length > 1);
  const [first] = segments;
  if (first?.[1] === undefined || first[2] === undefined) return undefined;
  const [, source, top] = first;
  const isNear = ([, other, at]: (typeof segments)[number]): boolean =>
    other === source && Math.abs((at ?? 0) - top) < LINES_JOINED_MAX;
  const file = map.resolvedSources[source];
  return file && segments.every(isNear) ? { file: toPath(file), line: top + 1 } : undefined;
}

/** Whether something else made the text of a file: without its map, its lines mean nothing to a reader. */
export function isGenerated(text: string): boolean {
  return /^\/\/[#@] ?sourceMappingURL=/m.test(text);
}

async function readMap(file: string): Promise<TraceMap | undefined> {
  const reference = await readReference(file);
  if (reference === undefined) return undefined;
  const inline = INLINE.exec(reference);
  if (inline) {
    const data = reference.slice(inline[0].length);
    const json = inline[1] ? Buffer.from(data, "base64").toString() : decodeURIComponent(data);
    return new TraceMap(json, file);
  }
  const path = resolve(dirname(file), decodeURIComponent(reference));
  if ((await stat(path)).size > MAP_BYTES_MAX) return undefined;
  return new TraceMap(await readFile(path, "utf8"), path);
}

async function readReference(file: string): Promise<string | undefined> {
  const { size } = await stat(file);
  if (size > MAP_BYTES_MAX) return undefined;
  const handle = await open(file);
  try {
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await handle.read(tail, 0, tail.length, size - tail.length);
    const text = tail.toString("latin1");
    const short = REFERENCE.exec(text)?.[1];
    if (short !== undefined) return short;
    // The end of a long inline map is base64 and nothing else.
    if (!/^[A-Za-z0-9+/=%._~-]+\s*$/.test(text)) return undefined;
  } finally {
    await handle.close();
  }
  const whole = await readFile(file, "latin1");
  return REFERENCE.exec(whole.slice(whole.lastIndexOf("\n//")))?.[1];
}

function toPath(source: string): string {
  return source.startsWith("file://") ? fileURLToPath(source) : source;
}
