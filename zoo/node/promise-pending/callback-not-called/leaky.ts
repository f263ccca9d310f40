type Done = (error: Error | undefined, value?: string) => void;

class LegacyCache {
  readonly #values = new Map<string, string>();

  get(key: string, done: Done): void {
    setImmediate(() => {
      const value = this.#values.get(key);
      if (value === undefined) return;
      done(undefined, value);
    });
  }
}

const cache = new LegacyCache();
const running = new Set<Promise<unknown>>();

const getAsync = (key: string): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    cache.get(key, (error, value) => (error ? reject(error) : resolve(value)));
  });

async function greet(user: number): Promise<string> {
  const lookup = getAsync(`name:${user}`);
  running.add(lookup);
  const name = await lookup; // leak: stuck here
  running.delete(lookup);
  return `Hello ${name ?? "you"}`;
}

export const request = async (n: number): Promise<void> => {
  await greet(n); // leak: started here
};
