const upstream = process.env["UPSTREAM_URL"];

async function isAlive(): Promise<boolean> {
  const response = await fetch(`${upstream}/large`);
  await response.body?.cancel();
  return response.status === 200;
}

export async function request(): Promise<void> {
  if (!(await isAlive())) throw new Error("the catalogue is down");
}
