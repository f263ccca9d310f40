import { EventEmitter, on } from "node:events";

const bus = new EventEmitter().setMaxListeners(0);

async function firstMessage(): Promise<string> {
  const messages = on(bus, "message");
  const { value } = (await messages.next()) as { value: [string] };
  await messages.return?.();
  return value[0];
}

export async function request(n: number): Promise<void> {
  const message = firstMessage();
  bus.emit("message", `hello ${n}`);
  await message;
}
