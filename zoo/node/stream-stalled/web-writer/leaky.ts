interface Export {
  readonly readable: ReadableStream<string>;
  readonly writer: WritableStreamDefaultWriter<string>;
}

const exports = new Map<number, Export>();

async function writeRows(writer: WritableStreamDefaultWriter<string>): Promise<void> {
  for (const row of ["id", "name", "price"]) {
    await writer.write(row); // leak: stuck here
  }
  await writer.close();
}

export async function request(n: number): Promise<void> {
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  exports.set(n, { readable, writer });
  await writeRows(writer); // leak: started here
  exports.delete(n);
}
