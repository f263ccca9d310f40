class Mailbox {
  #letters: string[] = [];
  #wake: (() => void) | undefined;
  isClosed = false;

  post(letter: string): void {
    this.#letters.push(letter);
    this.#wake?.();
  }

  close(): void {
    this.isClosed = true;
    this.#wake?.();
  }

  async next(): Promise<string | undefined> {
    while (this.#letters.length === 0) {
      if (this.isClosed) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve)); // leak: stuck here
    }
    return this.#letters.shift();
  }
}

const mailboxes: Mailbox[] = [];

async function deliver(mailbox: Mailbox): Promise<void> {
  while ((await mailbox.next()) !== undefined) continue; // leak: also stuck here
}

export async function request(n: number): Promise<void> {
  const mailbox = new Mailbox();
  mailboxes.push(mailbox);
  const delivery = deliver(mailbox); // leak: started here
  mailbox.post(`hello ${n}`);
  await Promise.race([delivery, Promise.resolve()]);
}
