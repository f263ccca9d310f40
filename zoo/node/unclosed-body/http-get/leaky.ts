import { Agent, get } from "node:http";

const upstream = process.env["UPSTREAM_URL"];
const agent = new Agent({ keepAlive: true });

function readStock(sku: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const call = get(`${upstream}/missing?sku=${sku}`, { agent }, (response) => {
      // leak: stuck here
      if (response.statusCode !== 200) {
        resolve(undefined);
        return;
      }
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve(text));
    });
    call.on("error", reject);
  });
}

export async function request(n: number): Promise<void> {
  await readStock(n); // leak: started here
}

export function stop(): void {
  for (const sockets of Object.values(agent.freeSockets))
    for (const one of sockets ?? []) one.destroy();
}
