/** Writes a goroutine dump as the text that the Go runtime prints. */
import type { Frame, GoroutineDump, GoroutineGroup, Witness } from "./goroutine-dump.ts";
import { quoteGo } from "./goroutine-labels.ts";
import { textBytes } from "./goroutine-bytes.ts";
import { writtenLabels } from "./goroutine-runtime.ts";

export interface GoroutineEncodeOptions {
  /** 2: every goroutine with its state. 1: a count per stack. */
  readonly debug: 1 | 2;
}

const CHUNK_CHARACTERS = 1 << 16;
/** The runtime prints this many frames before it leaves frames out. */
const INNER_FRAMES = 50;
/** Where a pc stands in the format but the dump has none. */
const NO_PC = "0x0";
const PLAIN_LABEL = /^[A-Za-z0-9./_]*$/;

/** {@link encodeGoroutineTextChunks}, in one piece. */
export function encodeGoroutineText(
  dump: GoroutineDump,
  options: GoroutineEncodeOptions,
): Uint8Array {
  const chunks = [...encodeGoroutineTextChunks(dump, options)];
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}

/**
 * Writes the dump piece by piece, about 64 KiB each, so that memory stays flat for any size.
 *
 * `debug: 2` keeps what a group knows of its members: the witnesses have their words, all others
 * print `(...)`; how many are stamped, leaked, locked or bubbled is right, who of them is not
 * known. Members without an id are numbered after the largest there is. `debug: 1` has no place
 * for states, creators, ids and ages. Decoding what was written and writing it again gives the
 * same bytes.
 */
export function* encodeGoroutineTextChunks(
  dump: GoroutineDump,
  options: GoroutineEncodeOptions,
): Generator<Uint8Array> {
  const pieces = options.debug === 2 ? writeGoroutines(dump) : writeCounts(dump);
  let text = "";
  for (const piece of pieces) {
    text += piece;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield textBytes(text);
    text = "";
  }
  if (text !== "") yield textBytes(text);
}

function* writeGoroutines(dump: GoroutineDump): Generator<string> {
  let nextId =
    1 + dump.groups.reduce((largest, group) => Math.max(largest, group.ids.at(-1) ?? 0), 0);
  let separator = "";
  for (const group of dump.groups) {
    const bare = writeStack(group, undefined);
    let place = 0;
    for (const witness of group.witnesses) {
      yield separator + writeHeader(group, witness.id, place);
      yield writeStack(group, witness) + writeCreator(group, witness.creatorId, place);
      separator = "\n";
      place += 1;
    }
    const witnessed = new Set(group.witnesses.map(({ id }) => id));
    for (const id of group.ids) {
      if (witnessed.has(id)) continue;
      yield (
        separator + writeHeader(group, id, place) + bare + writeCreator(group, undefined, place)
      );
      separator = "\n";
      place += 1;
    }
    for (; place < group.count; place += 1, nextId += 1) {
      yield (
        separator + writeHeader(group, nextId, place) + bare + writeCreator(group, undefined, place)
      );
      separator = "\n";
    }
  }
  // The blank line says that the last goroutine is whole, with a creator or without.
  if (separator !== "") yield separator;
}

function writeHeader(group: GoroutineGroup, id: number, place: number): string {
  const { age } = group;
  const minutes = place === 0 ? age.minMinutes : age.maxMinutes;
  const remarks = [
    place < group.leaked ? " (leaked)" : "",
    place < age.stamped && minutes > 0 ? `, ${minutes} minutes` : "",
    place < group.lockedToThread ? ", locked to thread" : "",
    place < group.bubbled ? ", synctest bubble 1" : "",
  ];
  const labels = writtenLabels(group).map(
    ([key, value]) => `${writeLabel(key)}: ${writeLabel(value)}`,
  );
  const braces = labels.length === 0 ? "" : ` {${labels.join(", ")}}`;
  return `goroutine ${id} [${group.state}${remarks.join("")}]${braces}:\n`;
}

function writeLabel(text: string): string {
  return PLAIN_LABEL.test(text) ? text : quoteGo(text);
}

function writePlace(frame: Frame): string {
  return frame.file === "" && frame.line === 0 ? "\tpc=0x0\n" : `\t${frame.file}:${frame.line}\n`;
}

function writeStack(group: GoroutineGroup, witness: Witness | undefined): string {
  if (group.frames.length === 0) {
    return "\tgoroutine running on other thread; stack unavailable\n";
  }
  const elided = group.elidedFrames > 0 ? `...${group.elidedFrames} frames elided...\n` : "";
  const elidedAt = Math.min(INNER_FRAMES, group.frames.length);
  let text = "";
  for (const [depth, frame] of group.frames.entries()) {
    if (depth === elidedAt) text += elided;
    text += writeFrame(frame, witness?.words[depth]);
  }
  return elidedAt === group.frames.length ? text + elided : text;
}

function writeFrame(frame: Frame, words: readonly number[] | undefined): string {
  // Without a place it can only be a function that is not Go's.
  if (frame.file === "" && frame.line === 0) return `${frame.function}\n${writePlace(frame)}`;
  const shown = (words ?? []).map((word) => (Number.isNaN(word) ? "_" : `0x${word.toString(16)}`));
  const list = shown.length === 0 ? "..." : shown.join(", ");
  return `${frame.function}(${list})\n${writePlace(frame)}`;
}

function writeCreator(group: GoroutineGroup, creatorId: number | undefined, place: number): string {
  const { createdBy, creatorIds } = group;
  if (createdBy === undefined) return "";
  const known = creatorId ?? creatorIds?.[place % creatorIds.length];
  const starter = known === undefined ? "" : ` in goroutine ${known}`;
  return `created by ${createdBy.function}${starter}\n${writePlace(createdBy)}`;
}

function* writeCounts(dump: GoroutineDump): Generator<string> {
  const name = dump.leakProfile ? "goroutineleak" : "goroutine";
  yield `${name} profile: total ${dump.total}\n`;
  for (const group of dump.groups) {
    const pcs = group.frames.map(() => ` ${NO_PC}`).join("");
    const labels = writtenLabels(group).map(([key, value]) => `${quoteGo(key)}:${quoteGo(value)}`);
    yield `${group.count} @${pcs}\n`;
    if (labels.length > 0) yield `# labels: {${labels.join(", ")}}\n`;
    for (const frame of group.frames) {
      yield `#\t${NO_PC}\t${frame.function}+0x0\t${frame.file}:${frame.line}\n`;
    }
    yield "\n";
  }
}
