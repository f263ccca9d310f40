import { Agent, get } from "node:http";

const upstream = process.env["UPSTREAM_URL"];
const agents: Agent[] = [];

function fetchSmall(agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = get(`${upstream}/small`, { agent }, (response) => {
      // leak: stuck here
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    call.on("error", reject);
  });
}

export async function request(): Promise<void> {
  const agent = new Agent({ keepAlive: true }); // leak: also stuck here
  agents.push(agent);
  await fetchSmall(agent); // leak: started here
}
