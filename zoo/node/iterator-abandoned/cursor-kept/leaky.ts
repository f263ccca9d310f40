const openCursors = new Set<number>();
const resumable = new Map<number, AsyncGenerator<number[]>>();

async function* pages(query: number): AsyncGenerator<number[]> {
  openCursors.add(query);
  try {
    for (let page = 0; page < 10; page++) {
      await Promise.resolve();
      yield [page, page + 1]; // leak: stuck here
    }
  } finally {
    openCursors.delete(query);
  }
}

export async function request(n: number): Promise<void> {
  const cursor = pages(n); // leak: started here
  const first = await cursor.next();
  resumable.set(n, cursor);
  if (first.done === true) resumable.delete(n);
}
