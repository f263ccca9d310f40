const pages = new Map<number, Promise<unknown>>();

function widget(name: string, done: (html: string) => void): void {
  if (name === "recommendations") return;
  setImmediate(done, `<${name}>`);
}

async function part(name: string): Promise<string> {
  const html = await new Promise<string>((resolve) => widget(name, resolve)); // leak: stuck here
  return html.trim();
}

async function compose(): Promise<string> {
  const parts = await Promise.all(["header", "recommendations", "footer"].map(part)); // leak: started here
  return parts.join("");
}

export async function request(n: number): Promise<void> {
  const page = compose();
  pages.set(n, page);
  await page; // leak: also stuck here
  pages.delete(n);
}
