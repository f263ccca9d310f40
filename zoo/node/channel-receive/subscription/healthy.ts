class Topics {
  readonly #topics = new Map<string, Set<(value: string) => void>>();

  publish(topic: string, value: string): void {
    for (const push of this.#topics.get(topic) ?? []) push(value);
  }

  async *subscribe(topic: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    const buffered: string[] = [];
    let notify: (() => void) | undefined;
    const push = (value: string): void => {
      buffered.push(value);
      notify?.();
    };
    const all = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, all.add(push));
    signal.addEventListener("abort", () => notify?.(), { once: true });
    try {
      while (!signal.aborted) {
        const next = buffered.shift();
        if (next === undefined) await new Promise<void>((resolve) => (notify = resolve));
        else yield next;
      }
    } finally {
      all.delete(push);
      if (all.size === 0) this.#topics.delete(topic);
    }
  }
}

const topics = new Topics();

async function execute(room: number, signal: AbortSignal, events: string[]): Promise<void> {
  for await (const event of topics.subscribe(`room-${room}`, signal)) events.push(event);
}

export async function request(n: number): Promise<void> {
  const controller = new AbortController();
  const events: string[] = [];
  void execute(n, controller.signal, events);
  setImmediate(() => topics.publish(`room-${n}`, "hello"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort();
}
