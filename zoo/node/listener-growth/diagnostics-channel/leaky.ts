import { channel, subscribe } from "node:diagnostics_channel";

const audits = channel("zoo.audit");

/** Each subscriber's own list grows as well, with everything that is published: an effect. */
function audit(n: number): number {
  const entries: unknown[] = [];
  subscribe("zoo.audit", (entry) => entries.push(entry)); // leak: stuck here
  audits.publish({ n });
  return entries.length;
}

export async function request(n: number): Promise<void> {
  await Promise.resolve();
  audit(n); // leak: started here
}
