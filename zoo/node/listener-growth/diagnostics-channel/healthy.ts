import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";

const audits = channel("zoo.audit");

function audit(n: number): number {
  const entries: unknown[] = [];
  const note = (entry: unknown): void => void entries.push(entry);
  subscribe("zoo.audit", note);
  audits.publish({ n });
  unsubscribe("zoo.audit", note);
  return entries.length;
}

export async function request(n: number): Promise<void> {
  await Promise.resolve();
  audit(n);
}
