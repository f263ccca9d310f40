const upstream = process.env["UPSTREAM_URL"];

async function firstLine(path: string): Promise<string> {
  const response = await fetch(upstream + path);
  const reader = response.body!.getReader();
  try {
    const { value } = await reader.read();
    return new TextDecoder().decode(value).split("\n", 1)[0] ?? "";
  } finally {
    await reader.cancel();
  }
}

export async function request(n: number): Promise<void> {
  const title = await firstLine(`/large?report=${n}`);
  if (title.length > 1e6) throw new Error("not a report");
}
