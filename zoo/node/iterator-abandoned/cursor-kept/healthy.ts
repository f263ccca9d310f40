const openCursors = new Set<number>();
const resumable = new Map<number, AsyncGenerator<number[]>>();

async function* pages(query: number): AsyncGenerator<number[]> {
  openCursors.add(query);
  try {
    for (let page = 0; page < 10; page++) {
      await Promise.resolve();
      yield [page, page + 1];
    }
  } finally {
    openCursors.delete(query);
  }
}

export async function request(n: number): Promise<void> {
  const cursor = pages(n);
  const first = await cursor.next();
  if (first.done === true) return;
  resumable.set(n, cursor);
  await resumable.get(n)?.return(undefined);
  resumable.delete(n);
}
