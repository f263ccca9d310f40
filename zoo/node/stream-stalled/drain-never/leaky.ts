import { once } from "node:events";
import { Writable } from "node:stream";

class Archive extends Writable {
  #written = 0;

  constructor() {
    super({ highWaterMark: 16 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#written += chunk.length;
    if (this.#written > 20) return;
    done();
  }
}

const archives = new Map<number, Archive>();

async function store(archive: Archive, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    if (!archive.write(line)) await once(archive, "drain"); // leak: stuck here
  }
}

export async function request(n: number): Promise<void> {
  const archive = new Archive();
  archives.set(n, archive);
  await store(archive, ["a line of sixteen", "another such line", "the last one"]); // leak: started here
  archives.delete(n);
}
