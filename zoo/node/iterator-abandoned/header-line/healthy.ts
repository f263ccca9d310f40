import { createReadStream } from "node:fs";

async function readMagic(path: string): Promise<string> {
  const chunks = createReadStream(path, { highWaterMark: 64 })[Symbol.asyncIterator]();
  const { value } = await chunks.next();
  const magic = (value as Buffer).subarray(1, 4).toString();
  await chunks.return?.();
  return magic;
}

export async function request(): Promise<void> {
  const magic = await readMagic(process.execPath);
  if (magic === "") throw new Error("empty");
}
