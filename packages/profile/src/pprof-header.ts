/** The small fields of a pprof file: everything that is not a row of a table. */
import { ProfileField } from "./pprof-fields.ts";
import type { PprofLimits } from "./pprof-limits.ts";
import { VARINT, type WireReader } from "./wire-reader.ts";

/** Half-open byte range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An index into the file's string table, and the byte where it stands. */
export interface StringReference {
  readonly index: number;
  readonly offset: number;
}

const EMPTY: StringReference = { index: 0, offset: 0 };

/** Collected during the first pass, resolved once the string table is known. */
export class PprofHeader {
  readonly sampleTypes: ByteRange[] = [];
  periodType: ByteRange | undefined;
  readonly comments: StringReference[] = [];
  dropFrames: StringReference = EMPTY;
  keepFrames: StringReference = EMPTY;
  defaultSampleType: StringReference = EMPTY;
  docUrl: StringReference = EMPTY;
  timeNanos = 0n;
  durationNanos = 0n;
  period = 0n;

  /** Takes the varint field whose tag `reader` has just read; false when it cannot be read. */
  takeScalar(reader: WireReader, limits: PprofLimits): boolean {
    const offset = reader.position;
    if (reader.wireType !== VARINT) return reader.skipField();
    if (!reader.readVarint()) return false;
    const reference: StringReference = { index: reader.unsignedNumber(), offset };
    switch (reader.field) {
      case ProfileField.timeNanos:
        this.timeNanos = reader.signedBigInt();
        break;
      case ProfileField.durationNanos:
        this.durationNanos = reader.signedBigInt();
        break;
      case ProfileField.period:
        this.period = reader.signedBigInt();
        break;
      case ProfileField.dropFrames:
        this.dropFrames = reference;
        break;
      case ProfileField.keepFrames:
        this.keepFrames = reference;
        break;
      case ProfileField.defaultSampleType:
        this.defaultSampleType = reference;
        break;
      case ProfileField.docUrl:
        this.docUrl = reference;
        break;
      case ProfileField.comment:
        if (this.comments.length < limits.commentsMax) this.comments.push(reference);
        break;
      default:
    }
    return true;
  }

  /** Takes comments written as one packed field; what follows an unreadable one is left out. */
  takePackedComments(reader: WireReader, limits: PprofLimits): void {
    while (reader.position < reader.end && this.comments.length < limits.commentsMax) {
      const offset = reader.position;
      if (!reader.readVarint()) return;
      this.comments.push({ index: reader.unsignedNumber(), offset });
    }
  }
}
