import { createSocket } from "node:dgram";
import { once } from "node:events";

class Metrics {
  async count(name: string): Promise<void> {
    const socket = createSocket("udp4"); // leak: also stuck here
    socket.bind(0, "127.0.0.1"); // leak: stuck here
    await once(socket, "listening");
    const { port } = socket.address();
    await new Promise((resolve) => socket.send(`${name}:1|c`, port, "127.0.0.1", resolve));
  }
}

const metrics = new Metrics();

export async function request(): Promise<void> {
  await metrics.count("requests"); // leak: started here
}
