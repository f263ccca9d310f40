const upstream = process.env["UPSTREAM_URL"];

async function firstLine(path: string): Promise<string> {
  const response = await fetch(upstream + path); // leak: stuck here
  const reader = response.body!.getReader();
  try {
    const { value } = await reader.read();
    return new TextDecoder().decode(value).split("\n", 1)[0] ?? "";
  } finally {
    reader.releaseLock();
  }
}

export async function request(n: number): Promise<void> {
  const title = await firstLine(`/large?report=${n}`); // leak: started here
  if (title.length > 1e6) throw new Error("not a report");
}
