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
    await Promise.resolve(this.#items);
  }
}

const carts = new Map<number, Cart>();

export async function request(n: number): Promise<void> {
  const cart = new Cart();
  carts.set(n, cart);
  await cart.add();
  carts.delete(n);
}
