class BufferPool {
  readonly #free: Buffer[] = [];
  readonly #taken = new Set<Buffer>();

  take(): Buffer {
    const buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(65_536); // leak: stuck here
    this.#taken.add(buffer);
    return buffer;
  }

  give(buffer: Buffer): void {
    this.#taken.delete(buffer);
    this.#free.push(buffer);
  }
}

const pool = new BufferPool();

async function parse(body: string): Promise<number> {
  const buffer = pool.take(); // leak: started here
  const length = buffer.write(body);
  if (body.startsWith("bad")) throw new SyntaxError(body);
  pool.give(buffer);
  return length;
}

export async function request(n: number): Promise<void> {
  await parse(`bad request ${n}`).catch(() => 0);
}
