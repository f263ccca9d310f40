interface Work {
  readonly id: number;
  left: number;
}

function step(work: Work): void {
  work.left -= 1;
  setImmediate(step, work); // leak: stuck here
}

export async function request(n: number): Promise<void> {
  step({ id: n, left: 3 }); // leak: started here
}
