import { spawn } from "node:child_process";
import { once } from "node:events";

async function filter(text: string): Promise<string> {
  const helper = spawn("cat", { stdio: ["pipe", "pipe", "ignore"] }); // leak: stuck here
  helper.stdin.write(text);
  const [output] = (await once(helper.stdout, "data")) as [Buffer];
  return output.toString();
}

export async function request(n: number): Promise<void> {
  await filter(`order ${n}\n`); // leak: started here
}
