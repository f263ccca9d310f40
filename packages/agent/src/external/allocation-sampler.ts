/**
 * Which allocations outside of V8's heap are looked at, and what is kept of them. Every allocated
 * byte has the same chance to be chosen (a Poisson process, as in Go's heap profile), so a chosen
 * allocation of `size` bytes stands for `size / (1 - e^(-size / interval))` bytes, and choosing
 * something that turns out not to be memory of its own biases nothing.
 */
import { type AllocationFrame, captureAllocationStack, OTHER_SITES } from "./allocation-stack.ts";

/** Bytes between two samples, on average; as in heap profiles of V8 and Go. */
export const EXTERNAL_INTERVAL_BYTES: number = 512 * 1024;
/** Different stacks that are kept; what comes from any other is told in one sum. */
export const SITES_MAX = 1024;
/** Samples in use that are kept; beyond, every second one is dropped and the rest count twice. */
export const LIVE_MAX = 8192;
/** Above this many samples a second the interval doubles: a sample costs about 15 µs. */
const SAMPLES_PER_SECOND_MAX = 300;

/** What was allocated by one stack, estimated from its samples. */
export interface AllocationSite {
  /** The function that allocates, e.g. `Buffer.alloc`. */
  readonly allocator: string;
  /** Innermost first. */
  readonly frames: readonly AllocationFrame[];
  /** Since the start. */
  allocatedCount: number;
  allocatedBytes: number;
}

/** What of a site is in use. */
export interface SiteUse {
  readonly site: AllocationSite;
  readonly usedCount: number;
  readonly usedBytes: number;
}

interface LiveSample {
  /** The memory, or the slice of a pool. */
  readonly memory: WeakRef<object>;
  readonly site: AllocationSite;
  count: number;
  readonly size: number;
}

/** What a sample is of. */
export interface Allocation {
  readonly allocator: string;
  /** What lives as long as the memory is in use. */
  readonly memory: object;
  readonly size: number;
}

export interface SamplerOptions {
  readonly intervalBytes?: number;
  /** Uniform from 0 to 1. */
  readonly random?: () => number;
  /** Milliseconds that only rise. */
  readonly nowMs?: () => number;
}

export class AllocationSampler {
  /**
   * Bytes until the next sample, in its only element: whoever allocates takes its size off and
   * calls {@link add} when what remains is not zero or more. A column of its own is never boxed.
   */
  readonly untilNext: Float64Array = new Float64Array(1);
  readonly #sites = new Map<string, AllocationSite>();
  readonly #random: () => number;
  readonly #nowMs: () => number;
  readonly #intervalBytesMin: number;
  #intervalBytes: number;
  /** What the way to the next sample was drawn from, and the way to the one before. */
  #nextIntervalBytes: number;
  #lastIntervalBytes: number;
  #live: LiveSample[] = [];
  #sweepAt = 256;
  #secondFromMs: number;
  #inSecond = 0;

  constructor(options: SamplerOptions = {}) {
    this.#intervalBytesMin = options.intervalBytes ?? EXTERNAL_INTERVAL_BYTES;
    this.#intervalBytes = this.#intervalBytesMin;
    this.#nextIntervalBytes = this.#intervalBytesMin;
    this.#lastIntervalBytes = this.#intervalBytesMin;
    this.#random = options.random ?? Math.random;
    this.#nowMs = options.nowMs ?? performance.now.bind(performance);
    this.#secondFromMs = this.#nowMs();
    this.restart();
  }

  /** Samples that are kept of what may be in use. */
  get liveCount(): number {
    return this.#live.length;
  }

  /** Draws the way to the next sample, before the last one is kept. */
  restart(): void {
    this.#lastIntervalBytes = this.#nextIntervalBytes;
    this.#nextIntervalBytes = this.#intervalBytes;
    this.untilNext[0] = -Math.log(1 - this.#random()) * this.#intervalBytes;
  }

  /** Nothing is sampled any more, whoever still counts. */
  stop(): void {
    this.untilNext[0] = Number.POSITIVE_INFINITY;
    this.#live = [];
    this.#sites.clear();
  }

  /** Keeps a sample of what was allocated `framesAbove` functions above the caller of this. */
  add({ allocator, memory, size }: Allocation, framesAbove: number): void {
    const count = 1 / -Math.expm1(-size / this.#lastIntervalBytes);
    const site = this.#siteOf(allocator, captureAllocationStack(framesAbove + 1));
    site.allocatedCount += count;
    site.allocatedBytes += count * size;
    if (this.#live.length >= this.#sweepAt) this.#sweep();
    this.#live.push({ memory: new WeakRef(memory), site, count, size });
    this.#adaptInterval();
  }

  /** Every site, with what of it is in use: what no collection has taken yet. */
  uses(): readonly SiteUse[] {
    this.#sweep();
    const used = new Map<AllocationSite, { count: number; bytes: number }>();
    for (const { site, count, size } of this.#live) {
      const sum = used.get(site) ?? { count: 0, bytes: 0 };
      used.set(site, { count: sum.count + count, bytes: sum.bytes + count * size });
    }
    return [...this.#sites.values()].map((site) => {
      const { count, bytes } = used.get(site) ?? { count: 0, bytes: 0 };
      return { site, usedCount: count, usedBytes: bytes };
    });
  }

  #siteOf(allocator: string, frames: readonly AllocationFrame[]): AllocationSite {
    const key = `${allocator}\n${frames.map(({ key: frameKey }) => frameKey).join("\n")}`;
    const known = this.#sites.get(key);
    if (known) return known;
    if (this.#sites.size > SITES_MAX) return this.#sites.get("") as AllocationSite;
    const isFull = this.#sites.size === SITES_MAX;
    const site: AllocationSite = {
      allocator: isFull ? "" : allocator,
      frames: isFull ? [OTHER_SITES] : frames,
      allocatedCount: 0,
      allocatedBytes: 0,
    };
    this.#sites.set(isFull ? "" : key, site);
    return site;
  }

  /** Lets go of what was collected; the next sweep comes when there is twice as much. */
  #sweep(): void {
    this.#live = this.#live.filter(({ memory }) => memory.deref() !== undefined);
    if (this.#live.length > LIVE_MAX / 2 && this.#live.length >= this.#sweepAt) this.#thin();
    this.#sweepAt = Math.min(LIVE_MAX, Math.max(256, this.#live.length * 2));
  }

  /** Half of the samples, each for two: the sums stay what they were, on average. */
  #thin(): void {
    this.#live = this.#live.filter(() => this.#random() < 0.5);
    for (const sample of this.#live) sample.count *= 2;
  }

  #adaptInterval(): void {
    const nowMs = this.#nowMs();
    this.#inSecond++;
    if (this.#inSecond > SAMPLES_PER_SECOND_MAX) {
      this.#intervalBytes *= 2;
    } else if (nowMs - this.#secondFromMs < 1000) {
      return;
    } else if (this.#inSecond < SAMPLES_PER_SECOND_MAX / 4) {
      this.#intervalBytes = Math.max(this.#intervalBytesMin, this.#intervalBytes / 2);
    }
    this.#inSecond = 0;
    this.#secondFromMs = nowMs;
  }
}
