interface StackCapture {
  captureStackTrace?(target: object, above: unknown): void;
  stackTraceLimit?: number;
}

/**
 * `file:line:column` of whoever called `above`. V8 can cut a stack off above a function, so
 * one frame is all it has to format; other engines answer the empty string.
 */
export function creationSite(above: unknown): string {
  const engine = Error as StackCapture;
  if (!engine.captureStackTrace) return "";
  const limit = engine.stackTraceLimit ?? 10;
  const holder: { stack?: string } = {};
  engine.stackTraceLimit = 1;
  engine.captureStackTrace(holder, above);
  const stack = holder.stack ?? "";
  engine.stackTraceLimit = limit;
  return /\(?((?:file:\/\/|\/|[A-Za-z]:\\|https?:)[^()\n]*:\d+:\d+)\)?$/m.exec(stack)?.[1] ?? "";
}
