/**
 * `new ArrayBuffer(n)`, `new Uint8Array(n)` and their kin, watched. A constructor is more than a
 * function: whoever asks for it must get the same one from the global object, from instances and
 * from `Buffer`'s prototype. Putting a proxy there makes V8 leave its shortest ways for typed
 * arrays, for as long as the process lives, so this is only done when it is asked for.
 */
import type { AllocationSampler } from "./allocation-sampler.ts";

const NAMES = [
  "ArrayBuffer",
  "SharedArrayBuffer",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
] as const;

type Constructor = new (...args: never[]) => ArrayBufferLike | ArrayBufferView;

/** V8 keeps typed arrays of so many bytes on its own heap. */
const ON_HEAP_BYTES_MAX = 64;

/** Starts watching; the result ends it. What the host has kept of a proxy goes on working. */
export function watchArrayConstructors(sampler: AllocationSampler): () => void {
  const stops = NAMES.map((name) => watch(name, sampler));
  return () => {
    for (const stop of stops.toReversed()) stop();
  };
}

function watch(name: string, sampler: AllocationSampler): () => void {
  const property = Object.getOwnPropertyDescriptor(globalThis, name);
  const original = property?.value as Constructor | undefined;
  const back = original && Object.getOwnPropertyDescriptor(original.prototype, "constructor");
  const isOpen = property?.configurable === true && back?.configurable === true;
  if (!isOpen || original === undefined) return () => {};
  const watched = watchConstructor(name, original, sampler);
  put(name, original, watched, { property, back });
  return () => {
    const now = Object.getOwnPropertyDescriptor(globalThis, name)?.value as unknown;
    if (now === watched) put(name, watched, original, { property, back });
  };
}

interface Places {
  /** Of the global object. */
  readonly property: PropertyDescriptor;
  /** Of the prototype. */
  readonly back: PropertyDescriptor;
}

/** Everywhere where the one can be got, the other can be got. */
function put(name: string, from: Constructor, to: Constructor, { property, back }: Places): void {
  Object.defineProperty(to.prototype, "constructor", { ...back, value: to });
  Object.defineProperty(globalThis, name, { ...property, value: to });
  if (Object.getPrototypeOf(Buffer) === from) Object.setPrototypeOf(Buffer, to);
}

function watchConstructor(
  name: string,
  original: Constructor,
  sampler: AllocationSampler,
): Constructor {
  const { untilNext } = sampler;
  const allocator = `new ${name}`;
  const sample = (made: ArrayBufferLike | ArrayBufferView, source: unknown): void => {
    sampler.restart();
    try {
      const memory = memoryOf(made, source);
      if (memory) sampler.add({ allocator, memory, size: made.byteLength }, 2);
    } catch {
      // The host gets its array whatever becomes of the sample.
    }
  };
  const watched: Constructor = new Proxy(original, {
    construct(target, args: unknown[], newTarget) {
      const made = Reflect.construct(target, args, newTarget === watched ? target : newTarget) as
        | ArrayBufferLike
        | ArrayBufferView;
      if (!((untilNext[0]! -= made.byteLength) >= 0)) sample(made, args[0]);
      return made;
    },
  });
  return watched;
}

/** The memory, where there is any that is new: a view of an `ArrayBuffer` allocates none. */
function memoryOf(made: ArrayBufferLike | ArrayBufferView, source: unknown): object | undefined {
  if (!ArrayBuffer.isView(made)) return made;
  if (made.byteLength <= ON_HEAP_BYTES_MAX) return undefined;
  return made.buffer === source ? undefined : made.buffer;
}
