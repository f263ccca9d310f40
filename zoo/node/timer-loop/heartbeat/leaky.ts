let beats = 0;

class Progress {
  readonly #timer: NodeJS.Timeout;
  readonly job: number;

  constructor(job: number) {
    this.job = job;
    this.#timer = setInterval(() => (beats += 1), 50); // leak: stuck here
  }

  finish(): void {
    if (beats < 0) clearInterval(this.#timer);
  }
}

export async function request(n: number): Promise<void> {
  const progress = new Progress(n); // leak: started here
  await new Promise((resolve) => setTimeout(resolve, 2));
  progress.finish();
}
