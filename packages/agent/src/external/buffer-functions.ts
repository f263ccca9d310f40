/**
 * `Buffer.alloc` and its kin, watched. The watched function has the name, the length and the
 * attributes of the original, hands every argument on as it came, and answers what it answered.
 */
import { types } from "node:util";
import { type AllocationSampler } from "./allocation-sampler.ts";

/** `concat` and `copyBytesFrom` call one of the others in some versions, and are left alone there. */
const NAMES = [
  "allocUnsafe",
  "alloc",
  "allocUnsafeSlow",
  "from",
  "copyBytesFrom",
  "concat",
] as const;
type AllocatorName = (typeof NAMES)[number];
type Allocator = (...args: unknown[]) => Uint8Array;

/** V8 keeps so many bytes on its own heap, where its own profiler sees them. */
const ON_HEAP_BYTES_MAX = 64;

/** Starts watching; the result ends it. Where `Buffer` is frozen nothing is watched. */
export function watchBufferFunctions(sampler: AllocationSampler): () => void {
  const stops = NAMES.map((name) => watch(name, sampler));
  return () => {
    for (const stop of stops.toReversed()) stop();
  };
}

function watch(name: AllocatorName, sampler: AllocationSampler): () => void {
  const property = Object.getOwnPropertyDescriptor(Buffer, name);
  const original: unknown = property?.value;
  if (typeof original !== "function" || property?.configurable !== true) return () => {};
  if (name === "concat" && callsAllocUnsafe()) return () => {};
  const watched = watchAllocator(name, original as Allocator, sampler);
  Object.defineProperty(Buffer, name, { ...property, value: watched });
  return () => {
    // Whoever has wrapped it since keeps a function that watches nothing any more.
    if (Buffer[name] === (watched as unknown)) Object.defineProperty(Buffer, name, property);
  };
}

function callsAllocUnsafe(): boolean {
  const property = Object.getOwnPropertyDescriptor(Buffer, "allocUnsafe") as PropertyDescriptor;
  let isCalled = false;
  const probe = (size: number): Buffer => {
    isCalled = true;
    return (property.value as typeof Buffer.allocUnsafe)(size);
  };
  Object.defineProperty(Buffer, "allocUnsafe", { ...property, value: probe });
  try {
    Buffer.concat([new Uint8Array(1)]);
  } finally {
    Object.defineProperty(Buffer, "allocUnsafe", property);
  }
  return isCalled;
}

function watchAllocator(
  name: AllocatorName,
  original: Allocator,
  sampler: AllocationSampler,
): Allocator {
  const { untilNext } = sampler;
  const allocator = `Buffer.${name}`;
  const watched = function (this: unknown, ...args: unknown[]): Uint8Array {
    const made = Reflect.apply(original, this, args);
    // Whatever it answers, and were it nothing: only what is zero or more goes on uncounted.
    if (!((untilNext[0]! -= made?.length) >= 0)) sample(made, args[0]);
    return made;
  };
  const sample = (made: Uint8Array, source: unknown): void => {
    sampler.restart();
    try {
      const memory = memoryOf(name, made, source);
      if (memory) sampler.add({ allocator, memory, size: made.length }, 2);
    } catch {
      // The host gets its buffer whatever becomes of the sample.
    }
  };
  for (const key of ["name", "length"] as const) {
    Object.defineProperty(watched, key, { value: original[key], configurable: true });
  }
  return watched;
}

/**
 * What lives as long as the memory does: its `ArrayBuffer`, which a view of a view keeps as well.
 * A slice of Node's pool stands for itself alone. Undefined where nothing new was allocated.
 */
function memoryOf(name: AllocatorName, made: Uint8Array, source: unknown): object | undefined {
  if (name === "from" && types.isAnyArrayBuffer(source)) return undefined;
  const isOnHeap =
    made.length <= ON_HEAP_BYTES_MAX && (name === "alloc" || name === "allocUnsafeSlow");
  if (isOnHeap) return undefined;
  const { buffer } = made;
  return buffer.byteLength === made.length ? buffer : made;
}
