type Page = { readonly rows: readonly number[]; readonly next: number };

function fetchPage(cursor: number): Promise<Page> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ rows: [cursor], next: cursor + 1 }), 30);
  });
}

async function importAll(cursor: number, signal: AbortSignal): Promise<number> {
  let imported = 0;
  signal.throwIfAborted();
  for (let at = cursor; ;) {
    const page = await fetchPage(at); // leak: stuck here
    imported += page.rows.length;
    if (page.rows.length === 0) return imported;
    at = page.next;
  }
}

export async function request(n: number): Promise<void> {
  const client = new AbortController();
  importAll(n, client.signal).catch(() => 0); // leak: started here
  await fetchPage(0);
  client.abort();
}
