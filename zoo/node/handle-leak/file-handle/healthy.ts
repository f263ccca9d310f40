import { open, type FileHandle } from "node:fs/promises";

const rejected: FileHandle[] = [];

async function readFooter(path: string): Promise<Buffer | undefined> {
  const file = await open(path);
  const { size } = await file.stat();
  if (size < 1_000_000) {
    rejected.length = 0;
    await file.close();
    return undefined;
  }
  const { buffer } = await file.read({ position: size - 16, length: 16 });
  await file.close();
  return buffer;
}

export async function request(): Promise<void> {
  await readFooter(import.meta.filename);
}
