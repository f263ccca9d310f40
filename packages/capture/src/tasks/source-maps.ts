/**
 * From a place in what runs to the place that was written, through source maps. They are read
 * from disk, where the running file names them: nothing is asked of the process.
 * Format: ECMA-426, `//# sourceMappingURL=` inline or beside the file.
 */
import { open, readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  GREATEST_LOWER_BOUND,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from "@jridgewell/trace-mapping";
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

/** The source maps of the files of one process. */
export class SourceMaps {
  readonly #maps = new Map<string, Promise<TraceMap | undefined>>();

  /** The place as it was written; as given where there is no map. */
  async place({ column, ...frame }: ColumnFrame): Promise<Frame> {
    if (!frame.file.startsWith("/") || frame.line < 1) return frame;
    const map = await this.#mapOf(frame.file);
    if (!map) return frame;
    // Without a column the first place of the line that has one is meant.
    const bias = column > 0 ? GREATEST_LOWER_BOUND : LEAST_UPPER_BOUND;
    const at = { line: frame.line, column: Math.max(0, column - 1), bias } as const;
    const found = originalPositionFor(map, at);
    if (found.source === null || found.line === null) return frame;
    return { ...frame, file: toPath(found.source), line: found.line };
  }

  #mapOf(file: string): Promise<TraceMap | undefined> {
    const known = this.#maps.get(file);
    if (known) return known;
    if (this.#maps.size >= MAPS_MAX) return Promise.resolve(undefined);
    const map = readMap(file).catch(() => undefined);
    this.#maps.set(file, map);
    return map;
  }
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
