async function* lease(name: string): AsyncGenerator<string> {
  let renewals = 0;
  const timer = setInterval(() => (renewals += 1), 30);
  try {
    for (;;) yield `${name}#${renewals}`;
  } finally {
    clearInterval(timer);
  }
}

export async function request(n: number): Promise<void> {
  const leases = lease(`worker-${n}`);
  const { value } = await leases.next();
  if (value === undefined) throw new Error("no lease");
  await leases.return(undefined);
}
