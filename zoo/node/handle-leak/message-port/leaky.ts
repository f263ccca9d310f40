import { MessageChannel } from "node:worker_threads";

function ask(question: string): Promise<string> {
  const { port1, port2 } = new MessageChannel(); // leak: also stuck here
  port2.once("message", (text: string) => port2.postMessage(text.toUpperCase()));
  return new Promise((resolve) => {
    port1.on("message", (answer: string) => {
      // leak: stuck here
      resolve(answer);
    });
    port1.postMessage(question);
  });
}

export async function request(n: number): Promise<void> {
  await ask(`how many ${n}`); // leak: started here
}
