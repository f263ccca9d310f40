class Connection {
  async query(n: number): Promise<number> {
    return await new Promise((resolve) => setTimeout(resolve, 3, n));
  }
}

class Pool {
  readonly #idle = [new Connection(), new Connection(), new Connection()];
  readonly #waiting: ((connection: Connection) => void)[] = [];

  async acquire(): Promise<Connection> {
    return this.#idle.pop() ?? (await new Promise((resolve) => this.#waiting.push(resolve)));
  }

  release(connection: Connection): void {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push(connection);
  }
}

const pool = new Pool();

export async function request(n: number): Promise<void> {
  const connection = await pool.acquire();
  try {
    await connection.query(n);
  } finally {
    pool.release(connection);
  }
}
