const receipts = new Map<number, Buffer>();

function renderReceipt(order: number): Buffer {
  const pdf = Buffer.alloc(100_000, `receipt ${order}`); // leak: stuck here
  receipts.set(order, pdf);
  return pdf;
}

export async function request(n: number): Promise<void> {
  const pdf = renderReceipt(n); // leak: started here
  if (pdf.length === 0) throw new Error("empty receipt");
}
