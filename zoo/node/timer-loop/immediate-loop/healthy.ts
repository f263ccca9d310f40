interface Work {
  readonly id: number;
  left: number;
}

function step(work: Work): void {
  work.left -= 1;
  if (work.left <= 0) return;
  setImmediate(step, work);
}

export async function request(n: number): Promise<void> {
  step({ id: n, left: 3 });
}
