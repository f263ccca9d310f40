function never(): Promise<string> {
  return new Promise(() => undefined);
}

async function mirror(name: string, ms: number): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return name;
}

/** Made in case somebody wants to wait. */
function unused(): void {
  void never();
}

export async function request(): Promise<void> {
  unused();
  await Promise.race([mirror("near", 1), mirror("far", 8)]);
}
