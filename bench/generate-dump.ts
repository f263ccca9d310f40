/**
 * Writes a `debug=2` goroutine dump of any size, with the variety of a large service:
 * a few hundred stacks (many short ones, a long tail of deep ones), ids ascending with gaps
 * and out-of-order stretches, argument words, ages, labels, creators.
 *
 *     node bench/generate-dump.ts /tmp/million.txt 1000000
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A repeatable source of numbers in [0, 1). Mulberry32. */
function repeatableRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface StackShape {
  readonly state: string;
  readonly labels: string;
  /** Text of each frame split where its argument words go, leaf first. */
  readonly frames: readonly {
    readonly head: string;
    readonly words: number;
    readonly tail: string;
  }[];
  readonly creator: string;
  readonly creatorTail: string;
}

const STATES = [
  "chan receive",
  "chan send",
  "select",
  "IO wait",
  "sync.Mutex.Lock",
  "semacquire",
  "sleep",
  "sync.WaitGroup.Wait",
  "select (no cases)",
  "chan receive (nil chan)",
  "sync.Cond.Wait",
];
const PACKAGES = [
  "net/http",
  "database/sql",
  "internal/poll",
  "net",
  "bufio",
  "google.golang.org/grpc",
  "google.golang.org/grpc/internal/transport",
  "github.com/acme/orders/internal/store",
  "github.com/acme/orders/internal/api",
  "github.com/acme/orders/pkg/queue",
  "main",
  "io",
  "sync",
];
const NAMES = [
  "(*Conn).serve",
  "(*persistConn).readLoop",
  "(*Pool).acquire",
  "(*Server).handle",
  "Process[...]",
  "(*Worker).run.func1",
  "(*Client).do",
  "(*clientStream).recvMsg",
  "awaitDone",
  "Fetch.func2.1",
  "(*Queue[...]).Push",
  "(*Tx).commit.gowrap1",
  "retry",
  "(*Reader).Read",
  "dispatch.func3",
];

function shapeStacks(random: () => number, stacks: number): StackShape[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: stacks }, (_, index) => {
    // Most stacks are short, as in real services: depth 5 to 25 with a thin tail.
    const depth = 5 + Math.floor(20 * random() ** 8);
    const frames = Array.from({ length: depth }, () => {
      const packageName = pick(PACKAGES);
      const line = 10 + Math.floor(random() * 900);
      const file = `${packageName.split("/").at(-1)}/${pick(["conn", "server", "pool", "worker"])}.go`;
      const folder = packageName.includes(".") ? "/home/build/go/pkg/mod/" : "/usr/local/go/src/";
      return {
        head: `${packageName}.${pick(NAMES)}(`,
        words: Math.floor(random() * 4),
        tail: `\n\t${folder}${file}:${line} +0x${(line * 7).toString(16)}\n`,
      };
    });
    return {
      state: pick(STATES),
      labels:
        index % 20 === 0 ? ` {handler: "/api/v1/orders/${index}", tenant: t${index % 7}}` : "",
      frames,
      creator: `created by ${pick(PACKAGES)}.${pick(NAMES)} in goroutine `,
      creatorTail: `\n\t/home/build/go/src/orders/start.go:${20 + index} +0x1c5\n`,
    };
  });
}

function writeGoroutine(shape: StackShape, id: number, random: () => number): string {
  const age = random() < 0.6 ? `, ${1 + Math.floor(random() * 600)} minutes` : "";
  const locked = random() < 0.002 ? ", locked to thread" : "";
  let text = `goroutine ${id} [${shape.state}${age}${locked}]${shape.labels}:\n`;
  for (const frame of shape.frames) {
    text += frame.head;
    for (let word = 0; word < frame.words; word += 1) {
      if (word > 0) text += ", ";
      text += `0xc${Math.floor(random() * 0xffffffff)
        .toString(16)
        .padStart(9, "0")}`;
    }
    text += `)${frame.tail}`;
  }
  return `${text}${shape.creator}${1 + Math.floor(random() * 400)}${shape.creatorTail}`;
}

/** Writes the dump to `path`; the same arguments write the same bytes. Returns bytes written. */
export function generateDump(path: string, goroutines: number, stacks = 300): number {
  const random = repeatableRandom(20_260_101);
  const shapes = shapeStacks(random, stacks);
  const file = openSync(path, "w");
  let id = 1;
  let bytes = 0;
  let pending: string[] = [];
  for (let index = 0; index < goroutines; index += 1) {
    id += 1 + Math.floor(random() * 3);
    // A few stacks hold most goroutines; freed goroutines are reused, so ids are not quite in order.
    const shape = shapes[Math.floor(stacks * random() ** 2)] as StackShape;
    const shownId = random() < 0.05 ? id + 40_000_000 : id;
    pending.push(writeGoroutine(shape, shownId, random));
    if (pending.length === 4096 || index === goroutines - 1) {
      bytes += writeSync(file, `${pending.join("\n")}${index === goroutines - 1 ? "" : "\n"}`);
      pending = [];
    }
  }
  closeSync(file);
  return bytes;
}

/** Hands a generated dump's path to `use`, with a sentence on its size, and removes it afterwards. */
export async function withGeneratedDump<T>(
  goroutines: number,
  use: (path: string, size: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "watertight-bench-"));
  try {
    const path = join(folder, "goroutines.txt");
    const bytes = generateDump(path, goroutines);
    return await use(
      path,
      `${goroutines.toLocaleString("en")} goroutines, ${(bytes / 1e6).toFixed(0)} MB`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [path = "/tmp/watertight-million.txt", goroutines = "1000000"] = process.argv.slice(2);
  console.log(`${path}: ${generateDump(path, Number(goroutines))} bytes`);
}
