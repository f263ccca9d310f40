import { EventEmitter, once } from "node:events";

class Session extends EventEmitter {
  isReady = false;

  open(): void {
    this.isReady = true;
    this.emit("ready");
  }

  async whenReady(): Promise<void> {
    if (!this.isReady) await once(this, "ready");
  }
}

const sessions = new Map<number, Session>();

export async function request(n: number): Promise<void> {
  const session = new Session();
  sessions.set(n, session);
  session.open();
  await session.whenReady();
  sessions.delete(n);
}
