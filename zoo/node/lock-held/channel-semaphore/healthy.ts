import { Channel } from "@watertight/flow";

const slots = new Channel<true>({ capacity: 3, name: "slots" });

async function convert(file: number): Promise<string | undefined> {
  await slots.send(true);
  if (file % 2 === 1) {
    slots.tryReceive();
    return undefined;
  }
  await new Promise((resolve) => setImmediate(resolve));
  slots.tryReceive();
  return `${file}.pdf`;
}

export async function request(n: number): Promise<void> {
  await convert(n * 2 + 1);
}
