/** The cause behind each kind of growth in a heap census, with what to say about it and its fix. */
import type { Fix } from "@watertight/finding";
import type { CensusEntry, CensusKind } from "@watertight/profile";
import { lockHeld } from "../rules/node/lock-held.ts";
import { streamStalled } from "../rules/node/stream-stalled.ts";
import { timerLoop } from "../rules/node/timer-loop.ts";
import { unclosedBody } from "../rules/node/unclosed-body.ts";

/** What one kind of growth is called. */
export interface CensusCause {
  readonly cause: string;
  readonly title: (entry: CensusEntry) => string;
  readonly fix: Omit<Fix, "docs">;
}

const HANDLE_FIX: Omit<Fix, "docs"> = {
  summary:
    "Close what is opened on every path, with using or finally, or share one for all requests.",
  example: `// before
const file = await open(path);
if (await isShort(file)) return undefined; // stays open

// after
await using file = await open(path);
if (await isShort(file)) return undefined;`,
};

const LISTENER_FIX: Omit<Fix, "docs"> = {
  summary:
    "Take a listener off when its request ends, or listen with { once: true } and a signal of the request's own.",
  example: `// before
service.signal.addEventListener("abort", cancel); // one more with each request

// after
service.signal.addEventListener("abort", cancel, { once: true });
try {
  return await work();
} finally {
  service.signal.removeEventListener("abort", cancel);
}`,
};

/** For whatever is kept on the heap without a bound. */
export const COLLECTION_FIX: Omit<Fix, "docs"> = {
  summary:
    "Give what is kept there a bound: evict by size or age, or delete entries when their owner is done.",
  example: `// before
cache.set(url, page); // one more for each query string

// after
cache.set(url, page);
const [oldest] = cache.keys();
if (cache.size > entriesMax && oldest !== undefined) cache.delete(oldest);`,
};

/** For memory outside of the heap, however it was found. */
export const EXTERNAL_FIX: Omit<Fix, "docs"> = {
  summary:
    "Drop buffers when they were sent, give pools back what was taken, and copy the few bytes that are kept.",
  example: `// before
fingerprints.push(upload.subarray(0, 16)); // a view keeps the whole upload

// after
fingerprints.push(Buffer.from(upload.subarray(0, 16))); // copied`,
};

/** By kind; requests in flight are load and no leak. */
export const CENSUS_CAUSES: Readonly<Partial<Record<CensusKind, CensusCause>>> = {
  timer: {
    cause: "timer-loop",
    title: ({ name }) =>
      name === "Immediate"
        ? "A loop around setImmediate is never left"
        : "Timers are set for each request and never cleared",
    fix: timerLoop.fix,
  },
  handle: {
    cause: "handle-leak",
    title: ({ name }) => `${plural(name)} are opened and never closed`,
    fix: HANDLE_FIX,
  },
  body: {
    cause: "unclosed-body",
    title: () => "Answers whose body nobody reads keep their connections",
    fix: unclosedBody.fix,
  },
  listeners: {
    cause: "listener-growth",
    title: ({ name }) => `Listeners pile up on ${name}`,
    fix: LISTENER_FIX,
  },
  external: {
    cause: "external-memory-growth",
    title: ({ name }) => `Buffers held by ${name} stay, and more are added all the time`,
    fix: EXTERNAL_FIX,
  },
  collection: {
    cause: "memory-growth",
    title: ({ name }) => `${name} holds ever more entries`,
    fix: COLLECTION_FIX,
  },
};

/** A file stream that is open and not read has stalled. */
export const STALLED_STREAM: CensusCause = {
  cause: "stream-stalled",
  title: ({ name }) => `${plural(name)} are open and not read to their end`,
  fix: streamStalled.fix,
};

/** Callbacks that wait for a lock: to drop them would leave their requests without an answer. */
export const LOCK_QUEUE: CensusCause = {
  cause: "lock-held",
  title: ({ name }) => `Ever more wait in ${name}`,
  fix: lockHeld.fix,
};

function plural(name: string): string {
  if (name === "open file") return "Files";
  if (name.endsWith("ess")) return `${name}es`;
  return name.endsWith("s") ? name : `${name}s`;
}
