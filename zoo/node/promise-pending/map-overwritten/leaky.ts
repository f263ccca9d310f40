type Resolve = (reply: string) => void;

class RpcClient {
  readonly #replies = new Map<string, Resolve>();
  readonly #open = new Set<Promise<string>>();
  #calls = 0;

  async call(tenant: string): Promise<string> {
    const key = tenant;
    const reply = new Promise<string>((resolve) => this.#replies.set(key, resolve));
    this.#open.add(reply);
    setTimeout(() => this.#answer(key), 5);
    const text = await reply; // leak: stuck here
    this.#open.delete(reply);
    this.#calls += 1;
    return text;
  }

  #answer(key: string): void {
    this.#replies.get(key)?.("ok");
    this.#replies.delete(key);
  }
}

const client = new RpcClient();

export async function request(n: number): Promise<void> {
  await client.call(`tenant-${n % 2}`); // leak: started here
}
