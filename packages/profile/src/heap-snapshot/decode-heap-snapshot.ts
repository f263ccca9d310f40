/**
 * V8 heap snapshots (`.heapsnapshot`): JSON of one object whose long members are flat number
 * arrays. Decoded as it streams, straight into columns: a snapshot is often too large for one
 * JavaScript string, let alone for `JSON.parse`.
 *
 * Format: `HeapSnapshotJSONSerializer` in V8's `src/profiler/heap-snapshot-generator.cc`.
 * V8 escapes everything outside printable ASCII, so bytes are characters.
 */
import { describeProfileProblem, ProfileError, type ProfileErrorCode } from "../errors.ts";
import type { HeapGraph } from "./heap-graph.ts";
import { buildHeapGraph, type SnapshotArrays } from "./build-heap-graph.ts";
import { readSnapshotHeader, type SnapshotHeader } from "./snapshot-header.ts";

export interface HeapSnapshotOptions {
  /** Nodes that a snapshot may have; 100 million by default. Beyond it, `WT_PROFILE_LIMIT`. */
  readonly nodesMax?: number;
}

const NODES_MAX_DEFAULT = 100_000_000;
const HEADER_BYTES_MAX = 1 << 20;
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const CLOSE_BRACKET = 93;
const OPEN_BRACKET = 91;
const CLOSE_BRACE = 125;
const UNDERSCORE = 95;
const LETTER_A = 97;
const LETTER_Z = 122;

/** What the bytes at hand belong to. */
type Stage = "header" | "key" | "numbers" | "skipped numbers" | "strings" | "in string" | "end";

/** Decodes a heap snapshot from chunks cut anywhere: `push` them all, then `finish`. */
export class HeapSnapshotDecoder {
  readonly #nodesMax: number;
  #stage: Stage = "header";
  #headerText = "";
  #header: SnapshotHeader | undefined;
  #arrays: SnapshotArrays | undefined;
  #key = "";
  #target = new Uint32Array(0);
  #filled = 0;
  #value = 0;
  #hasDigits = false;
  #isEscaped = false;
  #stringBytes = new Uint8Array(1 << 16);
  #stringLength = 0;
  #stringOffsets = new Uint32Array(1 << 12);
  #stringCount = 0;
  #offset = 0;
  readonly #encoder = new TextEncoder();

  constructor(options: HeapSnapshotOptions = {}) {
    this.#nodesMax = options.nodesMax ?? NODES_MAX_DEFAULT;
  }

  /** Takes the next bytes, or the next text of an inspector's `addHeapSnapshotChunk`. */
  push(chunk: Uint8Array | string): void {
    const bytes = typeof chunk === "string" ? this.#encoder.encode(chunk) : chunk;
    let at = 0;
    while (at < bytes.length) at = this.#step(bytes, at);
    this.#offset += bytes.length;
  }

  /** The graph. Throws a {@link ProfileError} when the snapshot ends before its edges do. */
  finish(): HeapGraph {
    const { arrays, header } = this.#decoded();
    const isWhole =
      arrays.nodesFilled === arrays.nodes.length && arrays.edgesFilled === arrays.edges.length;
    if (!isWhole) this.#fail("WT_PROFILE_TRUNCATED", "its nodes and edges");
    this.#noteStringEnd();
    return buildHeapGraph(header, arrays, {
      bytes: this.#stringBytes.subarray(0, this.#stringLength),
      offsets: this.#stringOffsets.subarray(0, this.#stringCount + 1),
      count: this.#stringCount,
    });
  }

  #step(bytes: Uint8Array, at: number): number {
    switch (this.#stage) {
      case "header":
        return this.#readHeader(bytes, at);
      case "key":
        return this.#readKey(bytes, at);
      case "numbers":
        return this.#readNumbers(bytes, at);
      case "skipped numbers":
        return this.#skipNumbers(bytes, at);
      case "strings":
        return this.#findString(bytes, at);
      case "in string":
        return this.#readString(bytes, at);
      case "end":
        return bytes.length;
    }
  }

  /** Everything before the first array's bracket that follows the `snapshot` member. */
  #readHeader(bytes: Uint8Array, at: number): number {
    const marker = '"nodes":[';
    const before = this.#headerText.length;
    this.#headerText += new TextDecoder("latin1").decode(bytes.subarray(at));
    const end = this.#headerText.indexOf(marker, Math.max(0, before - marker.length));
    if (end < 0) {
      if (this.#headerText.length > HEADER_BYTES_MAX)
        this.#fail("WT_PROFILE_UNKNOWN_FORMAT", "no heap snapshot begins like this");
      return bytes.length;
    }
    const header = readSnapshotHeader(this.#headerText.slice(0, end));
    if (!header) this.#fail("WT_PROFILE_UNKNOWN_FORMAT", "its snapshot header cannot be read");
    if (header.nodeCount > this.#nodesMax)
      this.#fail("WT_PROFILE_LIMIT", `a heap of ${header.nodeCount} nodes`);
    this.#header = header;
    this.#arrays = {
      nodes: new Uint32Array(header.nodeCount * header.nodeFields.length),
      edges: new Uint32Array(header.edgeCount * header.edgeFields.length),
      locations: new Uint32Array(0),
      nodesFilled: 0,
      edgesFilled: 0,
    };
    this.#headerText = "";
    this.#key = "nodes";
    this.#enterArray();
    return at + end + marker.length - before;
  }

  #readKey(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] as number;
    if (byte === OPEN_BRACKET) this.#enterArray();
    else if (byte === COMMA) this.#key = "";
    else if (byte === CLOSE_BRACE) this.#stage = "end";
    else if (byte === UNDERSCORE || (byte >= LETTER_A && byte <= LETTER_Z)) {
      this.#key += String.fromCharCode(byte);
    }
    return at + 1;
  }

  #enterArray(): void {
    const { arrays } = this.#decoded();
    this.#filled = 0;
    this.#value = 0;
    this.#hasDigits = false;
    this.#stage = "numbers";
    if (this.#key === "nodes") this.#target = arrays.nodes;
    else if (this.#key === "edges") this.#target = arrays.edges;
    else if (this.#key === "locations") this.#target = new Uint32Array(1 << 12);
    else this.#stage = this.#key === "strings" ? "strings" : "skipped numbers";
  }

  /** The hot loop: digits and commas until the bracket. */
  #readNumbers(bytes: Uint8Array, from: number): number {
    let value = this.#value;
    let hasDigits = this.#hasDigits;
    let filled = this.#filled;
    let target = this.#target;
    let at = from;
    const end = bytes.length;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte >= 48 && byte <= 57) {
        value = value * 10 + (byte - 48);
        hasDigits = true;
        continue;
      }
      if (byte === COMMA || byte === CLOSE_BRACKET) {
        if (hasDigits) {
          if (filled === target.length) target = this.#growTarget(target);
          target[filled++] = value;
        }
        value = 0;
        hasDigits = false;
        if (byte === CLOSE_BRACKET) break;
      }
    }
    this.#value = value;
    this.#hasDigits = hasDigits;
    this.#filled = filled;
    this.#target = target;
    if (at === end) return end;
    this.#leaveNumbers();
    return at + 1;
  }

  #growTarget(target: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
    // Nodes and edges say their number in the header: more than that is damage.
    if (this.#key !== "locations")
      this.#fail("WT_PROFILE_CORRUPT", `more ${this.#key} than its header counts`);
    const grown = new Uint32Array(target.length * 2);
    grown.set(target);
    return grown;
  }

  #leaveNumbers(): void {
    const { arrays } = this.#decoded();
    if (this.#key === "nodes") this.#arrays = { ...arrays, nodesFilled: this.#filled };
    else if (this.#key === "edges") this.#arrays = { ...arrays, edgesFilled: this.#filled };
    else this.#arrays = { ...arrays, locations: this.#target.subarray(0, this.#filled) };
    this.#key = "";
    this.#stage = "key";
  }

  #skipNumbers(bytes: Uint8Array, at: number): number {
    const end = bytes.indexOf(CLOSE_BRACKET, at);
    if (end < 0) return bytes.length;
    this.#key = "";
    this.#stage = "key";
    return end + 1;
  }

  #findString(bytes: Uint8Array, at: number): number {
    const byte = bytes[at];
    if (byte === QUOTE) {
      if (this.#stringCount + 2 > this.#stringOffsets.length) {
        const grown = new Uint32Array(this.#stringOffsets.length * 2);
        grown.set(this.#stringOffsets);
        this.#stringOffsets = grown;
      }
      this.#stringOffsets[this.#stringCount] = this.#stringLength;
      this.#stage = "in string";
    }
    if (byte === CLOSE_BRACKET) this.#stage = "key";
    return at + 1;
  }

  #readString(bytes: Uint8Array, from: number): number {
    let at = from;
    let isEscaped = this.#isEscaped;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) break;
    }
    this.#isEscaped = isEscaped;
    const isEnded = at < bytes.length;
    this.#appendStringBytes(bytes.subarray(from, isEnded ? at + 1 : at));
    if (!isEnded) return at;
    this.#stringCount++;
    this.#stage = "strings";
    return at + 1;
  }

  #appendStringBytes(part: Uint8Array): void {
    const needed = this.#stringLength + part.length;
    if (needed > this.#stringBytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#stringBytes.length * 2));
      grown.set(this.#stringBytes.subarray(0, this.#stringLength));
      this.#stringBytes = grown;
    }
    this.#stringBytes.set(part, this.#stringLength);
    this.#stringLength = needed;
  }

  #noteStringEnd(): void {
    this.#stringOffsets[this.#stringCount] = this.#stringLength;
  }

  #decoded(): { readonly arrays: SnapshotArrays; readonly header: SnapshotHeader } {
    if (!this.#arrays || !this.#header) this.#fail("WT_PROFILE_TRUNCATED", "its header");
    return { arrays: this.#arrays, header: this.#header };
  }

  #fail(code: ProfileErrorCode, what: string): never {
    throw new ProfileError(describeProfileProblem(code, this.#offset, what));
  }
}

/** Decodes a whole heap snapshot. See {@link HeapSnapshotDecoder} for one that streams. */
export function decodeHeapSnapshot(bytes: Uint8Array, options?: HeapSnapshotOptions): HeapGraph {
  const decoder = new HeapSnapshotDecoder(options);
  decoder.push(bytes);
  return decoder.finish();
}
