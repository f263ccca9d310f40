import { Channel } from "@watertight/flow";

type Outcome = { readonly error?: string; readonly rows?: number };

class Runner {
  async run(query: number, outcomes: Channel<Outcome>): Promise<void> {
    const error = query > 0 ? "timeout" : undefined;
    if (error !== undefined) {
      await outcomes.send({ error });
      return;
    }
    await outcomes.send({ rows: 0 });
  }
}

const runner = new Runner();

export async function request(n: number): Promise<void> {
  const outcomes = new Channel<Outcome>();
  void runner.run(n, outcomes);
  await outcomes.receive();
}
