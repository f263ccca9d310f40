import { createGunzip } from "node:zlib";
import { CaptureError } from "./errors.ts";
import { toCaptureError } from "./fault.ts";

/** A body as its decoder wants it, with what stood in the way of the rest. */
export interface InflatedBody {
  readonly bytes: Uint8Array;
  readonly failure?: CaptureError;
}

/** Undoes a body's own gzip, if it has one, up to a bound. What was whole before a fault is kept. */
export async function inflateBody(
  body: Uint8Array,
  bytesMax: number,
  where: string,
): Promise<InflatedBody> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return { bytes: body };
  return await new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    const settle = (fault?: unknown): void => {
      const bytes = Buffer.concat(parts);
      resolve(fault === undefined ? { bytes } : { bytes, failure: toCaptureError(fault, where) });
    };
    const gunzip = createGunzip();
    gunzip.on("data", (part: Buffer) => {
      size += part.length;
      if (size <= bytesMax) parts.push(part);
      else {
        const what = `${where}, ${bytesMax} bytes`;
        gunzip.destroy(new CaptureError("WT_CAPTURE_INFLATED_TOO_LARGE", what));
      }
    });
    gunzip.once("error", settle);
    gunzip.once("end", () => {
      settle();
    });
    gunzip.end(body);
  });
}
