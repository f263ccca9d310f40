import { createReadStream, type ReadStream } from "node:fs";
import { once } from "node:events";

const opened: ReadStream[] = [];

async function open(path: string): Promise<ReadStream> {
  const stream = createReadStream(path);
  await once(stream, "open");
  return stream;
}

export async function request(n: number): Promise<void> {
  const download = await open(process.execPath);
  const isAllowed = n < 0;
  if (!isAllowed) {
    opened.length = 0;
    download.destroy();
    return;
  }
  download.resume();
}
