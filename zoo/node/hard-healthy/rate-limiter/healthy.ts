class RateLimiter {
  readonly #waiting: (() => void)[] = [];
  #tokens = 3;
  #refill: NodeJS.Timeout | undefined;

  async take(): Promise<void> {
    this.#refill ??= setInterval(() => this.#tick(), 4);
    if (this.#tokens > 0) this.#tokens -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #tick(): void {
    const next = this.#waiting.shift();
    if (next) return next();
    if (this.#tokens < 3) {
      this.#tokens += 1;
      return;
    }
    clearInterval(this.#refill);
    this.#refill = undefined;
  }
}

const limiter = new RateLimiter();

export async function request(): Promise<void> {
  await limiter.take();
}
