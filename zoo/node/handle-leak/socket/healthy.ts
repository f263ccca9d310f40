import { connect } from "node:net";

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      resolve(true);
      socket.destroy();
    });
    socket.once("error", () => resolve(false));
  });
}

export async function request(): Promise<void> {
  await isListening(Number(process.env["UPSTREAM_TCP_PORT"]));
}
