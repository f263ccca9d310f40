import { EventEmitter, once } from "node:events";

class Session extends EventEmitter {
  isReady = false;

  open(): void {
    this.isReady = true;
    this.emit("ready");
  }

  async whenReady(): Promise<void> {
    await once(this, "ready"); // leak: stuck here
  }
}

const sessions = new Map<number, Session>();

export async function request(n: number): Promise<void> {
  const session = new Session();
  sessions.set(n, session);
  session.open();
  await session.whenReady(); // leak: started here
  sessions.delete(n);
}
