/** Telling formats apart by how they begin. */
import { findDumpStart } from "./goroutine-text-probe.ts";
import { isGzip } from "./gzip.ts";
import { ProfileField } from "./pprof-fields.ts";
import { LENGTH_DELIMITED, VARINT, WireReader } from "./wire-reader.ts";

/** What the bytes look like. Inflate `gzip` and ask again. */
export type ProfileFormat =
  | "gzip"
  | "pprof"
  | "goroutine-debug2"
  | "goroutine-debug1"
  | "folded"
  | "unknown";

/** Bytes that are looked at; giving more does no harm. */
const HEAD_BYTES_MAX = 65_536;
/** A dump may follow the message of a panic or of a signal. */
const GOROUTINE_HEADER = /^goroutine \d+ (?:gp=\S+ )?(?:m=\S+ )?(?:mp=\S+ )?\[[^\]\n]+\]/m;
const DEBUG1_HEADER = /^goroutine(?:leak)? profile: total \d+/;
const FOLDED_LINE = /^\S.* -?\d{1,19}\r?$/;
/** What no text holds: control characters other than tab, and bytes that are not UTF-8. */
// oxlint-disable-next-line no-control-regex
const NOT_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/;

/**
 * Tells the format of a file from its head: 4 KiB are plenty, less also does unless the
 * first line is longer. A head that ends inside its first line is taken for the whole file.
 */
export function detectFormat(head: Uint8Array): ProfileFormat {
  const bytes = head.subarray(0, HEAD_BYTES_MAX);
  if (isGzip(bytes)) return "gzip";
  const text = new TextDecoder().decode(bytes, { stream: true });
  if (DEBUG1_HEADER.test(text)) return "goroutine-debug1";
  if (GOROUTINE_HEADER.test(text)) return "goroutine-debug2";
  if (looksLikePprof(bytes)) return "pprof";
  // Out of a container's log every line has a prefix.
  const dump = findDumpStart(bytes, 0);
  if (dump.format !== undefined) return dump.format;
  return looksFolded(text) ? "folded" : "unknown";
}

function looksFolded(text: string): boolean {
  if (NOT_TEXT.test(text)) return false;
  const line = text.split("\n").find((line) => line.trim() !== "" && !line.startsWith("#"));
  return line !== undefined && FOLDED_LINE.test(line);
}

/** The fields that are a varint; every other is length-delimited. */
const VARINT_FIELDS: ReadonlySet<number> = new Set([
  ProfileField.dropFrames,
  ProfileField.keepFrames,
  ProfileField.timeNanos,
  ProfileField.durationNanos,
  ProfileField.period,
  ProfileField.defaultSampleType,
  ProfileField.docUrl,
]);

/** Walks the outermost fields: each must be one of a profile's, in its own encoding, to the end of the head. */
function looksLikePprof(bytes: Uint8Array): boolean {
  const reader = new WireReader(bytes);
  let whole = 0;
  while (reader.nextField()) {
    if (reader.field > ProfileField.docUrl || !hasItsEncoding(reader)) return false;
    if (reader.wireType !== LENGTH_DELIMITED) {
      if (!reader.readVarint()) break;
      whole += 1;
      continue;
    }
    const { field } = reader;
    const end = reader.readPayloadEnd();
    if (end < 0) return whole > 0 && reader.isCut;
    if (field === ProfileField.sampleType && !startsLikeValueType(bytes, reader.position, end)) {
      return false;
    }
    reader.position = end;
    whole += 1;
  }
  return whole > 0 && (reader.fault < 0 || reader.isCut);
}

function hasItsEncoding({ field, wireType }: WireReader): boolean {
  if (field === ProfileField.comment) return wireType === VARINT || wireType === LENGTH_DELIMITED;
  return wireType === (VARINT_FIELDS.has(field) ? VARINT : LENGTH_DELIMITED);
}

function startsLikeValueType(bytes: Uint8Array, start: number, end: number): boolean {
  return start === end || bytes[start] === 0x08 || bytes[start] === 0x10;
}
