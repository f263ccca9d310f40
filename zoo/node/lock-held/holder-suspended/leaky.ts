class Mutex {
  #isHeld = false;
  readonly #waiting: (() => void)[] = [];

  async lock(): Promise<void> {
    if (this.#isHeld) await new Promise<void>((resolve) => this.#waiting.push(resolve)); // leak: stuck here
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
    const response = await fetch(`${upstream}/hang`, {}); // leak: also stuck here
    return await response.text();
  } finally {
    mutex.unlock();
  }
}

export async function request(): Promise<void> {
  await refreshToken().catch(() => ""); // leak: started here
}
