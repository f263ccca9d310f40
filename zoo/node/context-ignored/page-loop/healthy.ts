type Page = { readonly rows: readonly number[]; readonly next: number };

function fetchPage(cursor: number): Promise<Page> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ rows: [cursor], next: cursor + 1 }), 30);
  });
}

async function importAll(cursor: number, signal: AbortSignal): Promise<number> {
  let imported = 0;
  for (let at = cursor; ;) {
    signal.throwIfAborted();
    const page = await fetchPage(at);
    imported += page.rows.length;
    if (page.rows.length === 0) return imported;
    at = page.next;
  }
}

export async function request(n: number): Promise<void> {
  const client = new AbortController();
  importAll(n, client.signal).catch(() => 0);
  await fetchPage(0);
  client.abort();
}
