import { createSocket } from "node:dgram";
import { once } from "node:events";

class Metrics {
  async count(name: string): Promise<void> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const { port } = socket.address();
    await new Promise((resolve) => socket.send(`${name}:1|c`, port, "127.0.0.1", resolve));
    socket.close();
  }
}

const metrics = new Metrics();

export async function request(): Promise<void> {
  await metrics.count("requests");
}
