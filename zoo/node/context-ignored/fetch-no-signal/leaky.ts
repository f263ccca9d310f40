const upstream = process.env["UPSTREAM_URL"];

class Supplier {
  async quote(sku: number): Promise<number> {
    const response = await fetch(`${upstream}/hang?sku=${sku}`); // leak: stuck here
    return Number(await response.text());
  }
}

const supplier = new Supplier();

function deadline(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

export async function request(n: number): Promise<void> {
  const signal = AbortSignal.timeout(25);
  const quote = supplier.quote(n); // leak: started here
  quote.catch(() => 0);
  await Promise.race([quote, deadline(signal)]).catch(() => 0);
}
