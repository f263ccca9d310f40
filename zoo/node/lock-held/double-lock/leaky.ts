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

class Cart {
  readonly #mutex = new Mutex();
  #items = 0;

  async add(): Promise<void> {
    await this.#mutex.lock();
    this.#items += 1;
    await this.#save();
    this.#mutex.unlock();
  }

  async #save(): Promise<void> {
    await this.#mutex.lock();
    await Promise.resolve(this.#items);
    this.#mutex.unlock();
  }
}

const carts = new Map<number, Cart>();

export async function request(n: number): Promise<void> {
  const cart = new Cart();
  carts.set(n, cart);
  await cart.add(); // leak: started here
  carts.delete(n);
}
