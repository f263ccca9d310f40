function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("too late")), timeoutMs); // leak: stuck here
  });
  return Promise.race([work, late]).finally(() => timer?.hasRef());
}

async function render(n: number): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 2));
  return `page ${n}`;
}

export async function request(n: number): Promise<void> {
  await withTimeout(render(n), 600_000); // leak: started here
}
