import { Agent, request as send } from "undici";

const upstream = process.env["UPSTREAM_URL"];

async function readRate(currency: number): Promise<unknown> {
  const dispatcher = new Agent({ keepAliveTimeout: 60_000 }); // leak: stuck here
  const { body } = await send(`${upstream}/small?currency=${currency}`, { dispatcher });
  return await body.json();
}

export async function request(n: number): Promise<void> {
  await readRate(n); // leak: started here
}
