import { Channel } from "@watertight/flow";

async function total(lines: Channel<number>): Promise<number> {
  let sum = 0;
  for await (const cents of lines) sum += cents;
  return sum;
}

export async function request(n: number): Promise<void> {
  const lines = new Channel<number>({ capacity: 4, name: "order lines" });
  const sum = total(lines);
  sum.catch(() => 0);
  for (let line = 0; line < 3; line++) await lines.send(n * line);
  lines.close();
  await sum;
}
