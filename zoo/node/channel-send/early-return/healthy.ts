import { Channel } from "@watertight/flow";

interface Quote {
  readonly supplier: string;
  readonly cents: number;
}

async function ask(supplier: string, quotes: Channel<Quote>): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await quotes.send({ supplier, cents: supplier.length * 100 });
}

export async function request(): Promise<void> {
  const quotes = new Channel<Quote>({ name: "quotes", capacity: 2 });
  for (const supplier of ["north", "south"]) void ask(supplier, quotes);
  const first = await quotes.receive();
  if (!first.ok) throw new Error("nobody answered");
}
