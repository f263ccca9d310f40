const upstream = process.env["UPSTREAM_URL"];
const failures: Response[] = [];

async function loadPrice(sku: number): Promise<number | undefined> {
  const response = await fetch(`${upstream}/missing?sku=${sku}`); // leak: stuck here
  if (!response.ok) {
    failures.push(response);
    return undefined;
  }
  const { price } = (await response.json()) as { price: number };
  return price;
}

export async function request(n: number): Promise<void> {
  await loadPrice(n); // leak: started here
}
