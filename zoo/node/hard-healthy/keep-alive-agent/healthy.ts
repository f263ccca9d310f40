import { Agent, get } from "node:http";

const upstream = process.env["UPSTREAM_URL"];
const agent = new Agent({ keepAlive: true, maxFreeSockets: 4 });

export function request(n: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get(`${upstream}/small?n=${n}`, { agent }, (response) => {
      response.resume().on("end", resolve);
    }).on("error", reject);
  });
}

export function stop(): void {
  agent.destroy();
}
