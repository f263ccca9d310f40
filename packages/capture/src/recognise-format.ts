/** The formats that a saved capture may have. */
export type SavedFormat = "goroutine-text" | "pprof" | "folded" | "json";

const GOROUTINE_TEXT = /^goroutine(?:leak)? (?:\d+ |profile: total )/m;

/** Recognises a format by its first bytes, inflated. */
export function recogniseFormat(head: Uint8Array): SavedFormat | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString("latin1");
  if (GOROUTINE_TEXT.test(text)) return "goroutine-text";
  if (/^\s*\{\s*"/.test(text)) return "json";
  if (head[0] === 0x0a) return "pprof";
  return undefined;
}
