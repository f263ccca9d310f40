import { connect, type Socket } from "node:net";
import { once } from "node:events";

const clients: Socket[] = [];

async function listen(socket: Socket): Promise<void> {
  await once(socket, "close");
  clients.splice(clients.indexOf(socket), 1);
}

export async function start(): Promise<void> {
  for (let index = 0; index < 12; index++) {
    const socket = connect(Number(process.env["UPSTREAM_TCP_PORT"]), "127.0.0.1");
    await once(socket, "connect");
    clients.push(socket);
    void listen(socket);
  }
}

export async function request(n: number): Promise<void> {
  clients[n % clients.length]?.write(`update ${n}\n`);
}

export function stop(): void {
  for (const socket of clients) socket.destroy();
}
