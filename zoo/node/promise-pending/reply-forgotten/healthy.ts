type Reply = (status: number) => void;

function handle(order: number, reply: Reply): void {
  if (order < 0) {
    reply(400);
    return;
  }
  if (order % 1 === 0) {
    process.nextTick(reply, 200);
    return;
  }
  reply(200);
}

export async function request(n: number): Promise<void> {
  const status = await new Promise<number>((resolve) => handle(n, resolve));
  if (status >= 500) throw new Error("failed");
}
