class Mutex {
  #isHeld = false;
  readonly #waiting: (() => void)[] = [];

  async lock(): Promise<void> {
    if (this.#isHeld) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isHeld = true;
  }

  unlock(): void {
    this.#isHeld = false;
    this.#waiting.shift()?.();
  }
}

const upstream = process.env["UPSTREAM_URL"];
const mutex = new Mutex();

async function refreshToken(): Promise<string> {
  await mutex.lock();
  try {
    const response = await fetch(`${upstream}/hang`, { signal: AbortSignal.timeout(5) });
    return await response.text();
  } finally {
    mutex.unlock();
  }
}

export async function request(): Promise<void> {
  await refreshToken().catch(() => "");
}
