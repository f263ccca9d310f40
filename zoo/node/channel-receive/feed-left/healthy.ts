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
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#letters.shift();
  }
}

const mailboxes: Mailbox[] = [];

async function deliver(mailbox: Mailbox): Promise<void> {
  while ((await mailbox.next()) !== undefined) continue;
}

export async function request(n: number): Promise<void> {
  const mailbox = new Mailbox();
  mailboxes.push(mailbox);
  const delivery = deliver(mailbox);
  mailbox.post(`hello ${n}`);
  mailbox.close();
  mailboxes.splice(mailboxes.indexOf(mailbox), 1);
  await Promise.race([delivery, Promise.resolve()]);
}
