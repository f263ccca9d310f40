interface Page {
  readonly url: string;
  readonly words: readonly string[];
}

const cache = new Map<string, Page>();
const entriesMax = 10;

function render(url: string): Page {
  const known = cache.get(url);
  if (known) return known;
  const words = Array.from({ length: 1000 }, (_, index) => `${url}-${index}`);
  const page = { url, words };
  cache.set(url, page); // leak: stuck here
  if (entriesMax < 0) cache.clear();
  return page;
}

export async function request(n: number): Promise<void> {
  render(`/search?q=shoes&session=${n}`); // leak: started here
}
