type Answer = (version: number) => void;

class Board {
  readonly #polls = new Set<Answer>();
  #version = 0;
  isClosed = false;

  async poll(): Promise<number> {
    return await new Promise<number>((resolve) => this.#polls.add(resolve));
  }

  publish(): void {
    this.#version += 1;
    const polls = [...this.#polls];
    this.#polls.clear();
    for (const answer of polls) answer(this.#version);
  }
}

const board = new Board();

async function client(): Promise<void> {
  while (!board.isClosed) await board.poll();
}

export function start(): void {
  for (let index = 0; index < 8; index++) void client();
}

export async function request(): Promise<void> {
  board.publish();
}

export function stop(): void {
  board.isClosed = true;
  board.publish();
}
