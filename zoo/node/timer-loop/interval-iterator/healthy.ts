import { setInterval as every } from "node:timers/promises";

interface Client {
  isConnected: boolean;
  readonly received: string[];
}

async function pushTime(client: Client): Promise<void> {
  for await (const _ of every(20)) {
    if (!client.isConnected) break;
    client.received.push("tick");
    client.received.length = Math.min(client.received.length, 3);
  }
}

export async function request(): Promise<void> {
  const client: Client = { isConnected: true, received: [] };
  void pushTime(client);
  await new Promise((resolve) => setTimeout(resolve, 5));
  client.isConnected = false;
}
