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

class Account {
  readonly mutex = new Mutex();
  cents = 1000;
  readonly iban: string;

  constructor(iban: string) {
    this.iban = iban;
  }
}

const [savings, current] = [new Account("S"), new Account("C")] as const;

async function transfer(from: Account, to: Account): Promise<void> {
  const [first, second] = from.iban < to.iban ? [from, to] : [to, from];
  await first.mutex.lock();
  await Promise.resolve();
  await second.mutex.lock();
  from.cents -= 1;
  to.cents += 1;
  second.mutex.unlock();
  first.mutex.unlock();
}

export async function request(n: number): Promise<void> {
  await (n % 2 ? transfer(savings, current) : transfer(current, savings));
}
