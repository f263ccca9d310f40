import { request as send } from "undici";

const upstream = process.env["UPSTREAM_URL"];

export async function request(n: number): Promise<void> {
  const { statusCode, body } = await send(`${upstream}/missing?user=${n}`); // leak: stuck here
  if (statusCode === 404) return;
  await body.json();
}
