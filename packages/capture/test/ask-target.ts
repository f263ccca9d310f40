/** Asks a target once, within short bounds, and says how that ended. */
import { openConnection } from "../src/connection.ts";
import { CaptureError, type CaptureErrorCode } from "../src/errors.ts";
import { exchange } from "../src/exchange.ts";
import type { ExchangeLimits } from "../src/limits.ts";
import type { HttpTarget } from "../src/target.ts";
import { type LocalServer, serveTcp } from "./local-server.ts";

const SHORT: Partial<ExchangeLimits> = {
  connectMs: 2_000,
  headerMs: 150,
  idleMs: 150,
  totalMs: 2_000,
  wireBytesMax: 1_000_000,
  inflatedBytesMax: 2_000_000,
};

interface Outcome {
  readonly code: CaptureErrorCode | "none";
  readonly message: string;
  readonly received: number;
}

export async function ask(
  target: HttpTarget,
  limits: Partial<ExchangeLimits> = {},
  path = "/debug/pprof/goroutine?debug=2",
): Promise<Outcome> {
  const connection = openConnection(target, { limits: { ...SHORT, ...limits } });
  let received = 0;
  const sink = (chunk: Uint8Array): void => {
    received += chunk.length;
  };
  try {
    await exchange(connection, { path, sink });
    return { code: "none", message: "", received };
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return { code: error.code, message: error.message, received };
  }
}

export function writeForever(
  stream: NodeJS.WritableStream & { destroyed?: boolean },
  piece: Uint8Array | string,
): void {
  const write = (): void => {
    while (stream.destroyed !== true && stream.write(piece));
  };
  stream.on("drain", write);
  write();
}

export function rawAnswer(text: string): Promise<LocalServer> {
  return serveTcp((socket) => {
    socket.end(text, "latin1");
  });
}
