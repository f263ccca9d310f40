import { Agent, request as send } from "undici";

const upstream = process.env["UPSTREAM_URL"];
const dispatcher = new Agent({ keepAliveTimeout: 60_000 });

async function readRate(currency: number): Promise<unknown> {
  const { body } = await send(`${upstream}/small?currency=${currency}`, { dispatcher });
  return await body.json();
}

export async function request(n: number): Promise<void> {
  await readRate(n);
}

export async function stop(): Promise<void> {
  await dispatcher.close();
}
