const upstream = process.env["UPSTREAM_URL"];

export async function request(n: number): Promise<void> {
  const response = await fetch(`${upstream}/small?n=${n}`);
  const body = (await response.json()) as { ok: boolean };
  if (!body.ok) throw new Error("the catalogue is down");
}
