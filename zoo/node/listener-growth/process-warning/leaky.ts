process.setMaxListeners(0);

export async function request(n: number): Promise<void> {
  const warnings: string[] = [];
  const note = (warning: Error): void => {
    warnings.push(`${n}: ${warning.message}`);
  };
  process.on("warning", note); // leak: stuck here
  try {
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    warnings.length = 0;
  }
}
