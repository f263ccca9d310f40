import { PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";

const uploads = new Map<number, PassThrough[]>();

async function tee(upload: Readable): Promise<PassThrough[]> {
  const checksum = new PassThrough({ highWaterMark: 64 });
  const preview = new PassThrough({ highWaterMark: 64 });
  upload.pipe(checksum);
  upload.pipe(preview);
  checksum.resume();
  preview.resume();
  return [checksum, preview];
}

export async function request(n: number): Promise<void> {
  const upload = Readable.from([Buffer.alloc(100), Buffer.alloc(100), Buffer.alloc(100)]);
  const copies = await tee(upload);
  uploads.set(n, copies);
  await finished(upload);
  uploads.delete(n);
}
