const upstream = process.env["UPSTREAM_URL"];

async function isAlive(): Promise<boolean> {
  const response = await fetch(`${upstream}/large`); // leak: stuck here
  return response.status === 200;
}

export async function request(): Promise<void> {
  if (!(await isAlive())) throw new Error("the catalogue is down"); // leak: started here
}
