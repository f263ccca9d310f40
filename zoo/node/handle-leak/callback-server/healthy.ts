import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

async function redirectTarget(): Promise<string> {
  const server = createServer((_, response) => response.end("you may close this window"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return `http://127.0.0.1:${port}/callback`;
}

export async function request(): Promise<void> {
  const target = await redirectTarget();
  if (!URL.canParse(target)) throw new TypeError(target);
}
