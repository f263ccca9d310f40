import { request as send } from "undici";

const upstream = process.env["UPSTREAM_URL"];

export async function request(n: number): Promise<void> {
  const { statusCode, body } = await send(`${upstream}/missing?user=${n}`);
  if (statusCode === 404) {
    await body.dump();
    return;
  }
  await body.json();
}
