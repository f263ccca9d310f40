/** The frame shape that V8's profilers share (Chrome DevTools Protocol, `Runtime.CallFrame`). */
import type { ProfileBuilder } from "../profile-builder.ts";

export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** 0-based; -1 when unknown. */
  readonly lineNumber: number;
  /** 0-based; -1 when unknown. */
  readonly columnNumber: number;
}

/** True when a value has what a call frame needs. */
export function isCallFrame(value: unknown): value is CallFrame {
  const frame = value as Partial<CallFrame> | null | undefined;
  return typeof frame?.functionName === "string" && typeof frame.url === "string";
}

/** The location of a call frame: 1-based, at the function's first line unless `line` says where in it. */
export function internCallFrame(builder: ProfileBuilder, frame: CallFrame, line?: number): number {
  const startLine = Math.max(0, (frame.lineNumber ?? -1) + 1);
  const row = builder.internFunction({
    name: builder.internString(frame.functionName || "(anonymous)"),
    file: builder.internString(fileOf(frame.url)),
    startLine,
  });
  const column = Math.max(0, (frame.columnNumber ?? -1) + 1);
  return builder.internLocation([
    { function: row, line: line ?? startLine, column: line === undefined ? column : 0 },
  ]);
}

/** A path where the URL is one of a file, else the URL itself (`node:internal/…`, `https:…`). */
export function fileOf(url: string): string {
  if (!url.startsWith("file://")) return url;
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return url;
  }
}
