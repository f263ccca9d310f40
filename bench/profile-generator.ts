/**
 * Profiles of any size with the variety of real ones: a call graph with hot paths,
 * location ids given out in the order of first use (as Go's runtime does), inlined
 * calls, some labels. Written by a small writer of its own, so that no contestant
 * reads back its own output. The same options always give the same bytes.
 */

export interface GeneratedProfileOptions {
  readonly samples: number;
  /** Locations in the call graph; default 20,000. */
  readonly locations?: number;
  /** Shortest and longest stack; default 20 and 40. */
  readonly depthMin?: number;
  readonly depthMax?: number;
  /** Share of samples that carry labels, 0 to 1; default 0.2. */
  readonly labelled?: number;
  /**
   * How much a caller prefers its first callee; default 2.5, where nearly every stack is one of
   * its own. At 40 stacks share most of their callers, as those of one service do.
   */
  readonly skew?: number;
  readonly seed?: number;
}

const CALLEES_PER_LOCATION = 5;

/** An inflated pprof CPU profile (`samples/count`, `cpu/nanoseconds`). */
export function generatePprof(options: GeneratedProfileOptions): Uint8Array {
  return new ProfileGenerator(options).generate();
}

class ProfileGenerator {
  readonly #samples: number;
  readonly #locations: number;
  readonly #depthMin: number;
  readonly #depthSpan: number;
  readonly #labelled: number;
  readonly #skew: number;
  readonly #random: () => number;
  readonly #callees: Uint32Array;
  readonly #idOf: Uint32Array;
  readonly #used: number[] = [];
  readonly #strings = new Map<string, number>([["", 0]]);

  constructor(options: GeneratedProfileOptions) {
    this.#samples = options.samples;
    this.#locations = options.locations ?? 20_000;
    this.#depthMin = options.depthMin ?? 20;
    this.#depthSpan = (options.depthMax ?? 40) - this.#depthMin + 1;
    this.#labelled = options.labelled ?? 0.2;
    this.#skew = options.skew ?? 2.5;
    this.#random = mulberry32(options.seed ?? 1);
    this.#idOf = new Uint32Array(this.#locations);
    this.#callees = new Uint32Array(this.#locations * CALLEES_PER_LOCATION);
    for (let edge = 0; edge < this.#callees.length; edge++) {
      this.#callees[edge] = Math.floor(this.#random() * this.#locations);
    }
  }

  generate(): Uint8Array {
    const out = new ProtoBuffer(this.#samples * 96 + 4_000_000);
    for (const [type, unit] of [
      ["samples", "count"],
      ["cpu", "nanoseconds"],
    ] as const) {
      out.message(1, () => this.#writeValueType(out, type, unit));
    }
    for (let sample = 0; sample < this.#samples; sample++) {
      out.message(2, () => this.#writeSample(out, sample));
    }
    out.message(3, () => {
      out.number(1, 1);
      out.number(2, 0x40_0000);
      out.number(3, 0x180_0000);
      out.number(5, this.#string("/usr/local/bin/orders-api"));
      out.number(7, 1);
    });
    this.#writeLocations(out);
    out.number(9, 1_767_225_600_000_000_000);
    out.number(10, 30_000_000_000);
    out.message(11, () => this.#writeValueType(out, "cpu", "nanoseconds"));
    out.number(12, 10_000_000);
    for (const text of this.#strings.keys()) out.text(6, text);
    return out.finish();
  }

  #writeValueType(out: ProtoBuffer, type: string, unit: string): void {
    out.number(1, this.#string(type));
    out.number(2, this.#string(unit));
  }

  #writeSample(out: ProtoBuffer, sample: number): void {
    const depth = this.#depthMin + Math.floor(this.#random() * this.#depthSpan);
    const stack = new Uint32Array(depth);
    let location = Math.floor(this.#random() ** 3 * 64);
    for (let level = depth - 1; level >= 0; level--) {
      stack[level] = this.#locationId(location);
      const callee = Math.floor(this.#random() ** this.#skew * CALLEES_PER_LOCATION);
      location = this.#callees[location * CALLEES_PER_LOCATION + callee]!;
    }
    out.packed(1, stack);
    const count = 1 + Math.floor(this.#random() ** 8 * 300);
    out.packed(2, [count, count * 10_000_000]);
    if (this.#random() < this.#labelled) this.#writeLabels(out, sample);
  }

  #writeLabels(out: ProtoBuffer, sample: number): void {
    const route = `/api/v1/${WORDS[sample % WORDS.length]}/${Math.floor(this.#random() * 20)}`;
    out.message(3, () => {
      out.number(1, this.#string("http.route"));
      out.number(2, this.#string(route));
    });
    out.message(3, () => {
      out.number(1, this.#string("request_bytes"));
      out.number(3, Math.floor(this.#random() * 1_000_000));
      out.number(4, this.#string("bytes"));
    });
    if (this.#random() > 0.25) return;
    out.message(3, () => {
      out.number(1, this.#string("trace_id"));
      out.number(2, this.#string(`${sample.toString(16).padStart(8, "0")}a1b2c3d4`));
    });
  }

  #writeLocations(out: ProtoBuffer): void {
    const functionIds = new Map<number, number>();
    for (const [index, location] of this.#used.entries()) {
      const lines = location % 7 === 0 ? 3 : location % 3 === 0 ? 2 : 1;
      out.message(4, () => {
        out.number(1, index + 1);
        out.number(2, 1);
        out.number(3, 0x40_0000 + location * 61);
        for (let line = 0; line < lines; line++) {
          const source = (location * 7 + line * 131) % Math.ceil(this.#locations / 2.5);
          const id = functionIds.get(source) ?? functionIds.size + 1;
          functionIds.set(source, id);
          out.message(4, () => {
            out.number(1, id);
            out.number(2, 10 + ((location * 13 + line) % 900));
          });
        }
      });
    }
    for (const [source, id] of functionIds) this.#writeFunction(out, source, id);
  }

  #writeFunction(out: ProtoBuffer, source: number, id: number): void {
    const folder = WORDS[source % WORDS.length];
    const type = WORDS[(source >> 4) % WORDS.length];
    const path = `example.com/orders/internal/${folder}`;
    const name = this.#string(`${path}.(*${type}Service).handle${source}`);
    out.message(5, () => {
      out.number(1, id);
      out.number(2, name);
      out.number(3, name);
      out.number(4, this.#string(`/src/${path}/${type}_${source % 40}.go`));
      out.number(5, 10 + (source % 800));
    });
  }

  #locationId(location: number): number {
    const known = this.#idOf[location]!;
    if (known > 0) return known;
    this.#used.push(location);
    this.#idOf[location] = this.#used.length;
    return this.#used.length;
  }

  #string(text: string): number {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    this.#strings.set(text, this.#strings.size);
    return this.#strings.size - 1;
  }
}

const WORDS = [
  "billing",
  "cart",
  "catalog",
  "checkout",
  "customer",
  "delivery",
  "discount",
  "invoice",
  "ledger",
  "loyalty",
  "payment",
  "pricing",
  "refund",
  "search",
  "stock",
  "voucher",
] as const;

/** A 32-bit generator whose whole state is the seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Just enough protocol buffers to write a profile. */
class ProtoBuffer {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  number(field: number, value: number): void {
    this.#reserve(16);
    this.#varint(field << 3);
    this.#varint(value);
  }

  packed(field: number, values: ArrayLike<number>): void {
    this.#delimited(field, () => {
      this.#reserve(values.length * 10);
      for (let index = 0; index < values.length; index++) this.#varint(values[index]!);
    });
  }

  text(field: number, text: string): void {
    const encoded = new TextEncoder().encode(text);
    this.#reserve(encoded.length + 16);
    this.#varint((field << 3) | 2);
    this.#varint(encoded.length);
    this.#bytes.set(encoded, this.#length);
    this.#length += encoded.length;
  }

  message(field: number, write: () => void): void {
    this.#delimited(field, write);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Leaves one byte for the length and moves the payload when that is not enough. */
  #delimited(field: number, write: () => void): void {
    this.#reserve(16);
    this.#varint((field << 3) | 2);
    const start = (this.#length += 1);
    write();
    this.#reserve(16);
    const size = this.#length - start;
    const extra = size < 0x80 ? 0 : size < 0x4000 ? 1 : 2;
    if (extra > 0) this.#bytes.copyWithin(start + extra, start, this.#length);
    this.#length = start - 1;
    this.#varint(size);
    this.#length += size;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const wider = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    wider.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = wider;
  }
}
