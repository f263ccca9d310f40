/** Heap profiles of a simulated service, sampled as Go's runtime does: one object in so many bytes, scaled up. */
import { ProfileBuilder, type Profile } from "@watertight/profile";
import type { Observation } from "../src/observation.ts";
import type { Chance } from "./simulated-process.ts";

const RATE_BYTES = 512 << 10;

/** What is allocated per request at one line, and how much of it stays. */
export interface Store {
  readonly objectBytes: number;
  /** Part of the requests that store something new. */
  readonly missRate: number;
  /** Entries beyond this push the oldest one out. */
  readonly entriesMax: number;
}

/** Captures of a service at an even load, from its first request on. */
export function observeStore(
  store: Store,
  { captures, perCapture }: { readonly captures: number; readonly perCapture: number },
  chance: Chance,
): Observation[] {
  const sampled = 1 - Math.exp(-store.objectBytes / RATE_BYTES);
  const held: boolean[] = [];
  let allocated = 0;
  return Array.from({ length: captures }, (_, at) => {
    for (let request = 0; request < perCapture; request++) {
      if (chance.next() >= store.missRate) continue;
      const isSampled = chance.next() < sampled;
      held.push(isSampled);
      if (isSampled) allocated++;
      if (held.length > store.entriesMax) held.shift();
    }
    const inuse = held.filter(Boolean).length;
    const scale = store.objectBytes / sampled;
    return {
      atMs: at * 350,
      heap: buildHeap({ inuse: inuse * scale, allocated: allocated * scale, objects: inuse }),
      requestsServed: (at + 1) * perCapture,
    };
  });
}

function buildHeap({
  inuse,
  allocated,
  objects,
}: Readonly<Record<"inuse" | "allocated" | "objects", number>>): Profile {
  const builder = new ProfileBuilder({
    sampleTypes: [
      { type: "alloc_space", unit: "bytes" },
      { type: "inuse_objects", unit: "count" },
      { type: "inuse_space", unit: "bytes" },
    ],
    periodType: { type: "space", unit: "bytes" },
    period: BigInt(RATE_BYTES),
  });
  const stack = ["(*store).put", "handle"].map((name, at) =>
    builder.internFrame({
      function: `shop.test/store.${name}`,
      file: "/src/store.go",
      line: 9 + at,
    }),
  );
  const served = builder.internFrame({
    function: "net/http.(*conn).serve",
    file: "/usr/local/go/src/net/http/server.go",
    line: 2092,
  });
  const start = builder.internFrame({
    function: "shop.test/store.open",
    file: "/src/store.go",
    line: 3,
  });
  const values = [allocated, objects, inuse].map((value) => BigInt(Math.round(value)));
  builder.addSample([...stack, served], values);
  builder.addSample([start], [BigInt(1 << 20), 1n, BigInt(1 << 20)]);
  return builder.build();
}
