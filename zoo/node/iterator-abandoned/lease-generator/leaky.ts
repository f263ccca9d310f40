async function* lease(name: string): AsyncGenerator<string> {
  let renewals = 0;
  const timer = setInterval(() => (renewals += 1), 30); // leak: stuck here
  try {
    for (;;) yield `${name}#${renewals}`; // leak: also stuck here
  } finally {
    clearInterval(timer);
  }
}

export async function request(n: number): Promise<void> {
  const leases = lease(`worker-${n}`); // leak: started here
  const { value } = await leases.next();
  if (value === undefined) throw new Error("no lease");
}
