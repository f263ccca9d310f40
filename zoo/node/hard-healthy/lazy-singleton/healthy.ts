import { connect, type Socket } from "node:net";
import { once } from "node:events";

class Client {
  readonly #socket: Socket;
  readonly #ping = setInterval(() => this.#socket.write("ping\n"), 1000);

  private constructor(socket: Socket) {
    this.#socket = socket;
    void this.#read();
  }

  static async open(): Promise<Client> {
    const socket = connect(Number(process.env["UPSTREAM_TCP_PORT"]), "127.0.0.1");
    await once(socket, "connect");
    return new Client(socket);
  }

  async #read(): Promise<void> {
    try {
      for await (const chunk of this.#socket) if (String(chunk) === "bye") return;
    } catch {
      // closed from our side
    }
  }

  async get(key: number): Promise<number> {
    return await Promise.resolve(key);
  }

  close(): void {
    clearInterval(this.#ping);
    this.#socket.destroy(undefined);
  }
}

let client: Promise<Client> | undefined;

export async function request(n: number): Promise<void> {
  client ??= Client.open();
  await (await client).get(n);
}

export async function stop(): Promise<void> {
  (await client)?.close();
}
