/** An inspector on the other end of a WebSocket, as `node --inspect` and SIGUSR1 open one. */
import { CaptureError } from "../errors.ts";
import type { InspectorSession } from "./inspector-session.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: never;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Call {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens a session.
 *
 * @param url a `ws://127.0.0.1:…` debugger URL
 * @throws {CaptureError} `WT_CAPTURE_INSPECTOR` when nothing answers there
 */
export async function openWebSocketSession(url: string): Promise<InspectorSession> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    const refuse = (): void => reject(new CaptureError("WT_CAPTURE_INSPECTOR", `${url} refused`));
    socket.addEventListener("error", refuse, { once: true });
  });
  const calls = new Map<number, Call>();
  const listeners = new Map<string, Set<(params: never) => void>>();
  let lastId = 0;
  socket.addEventListener("message", (event) => {
    const message = JSON.parse(String(event.data)) as Message;
    if (message.id === undefined) {
      for (const listener of listeners.get(message.method ?? "") ?? []) {
        listener(message.params as never);
      }
      return;
    }
    const call = calls.get(message.id);
    calls.delete(message.id);
    if (message.error)
      call?.reject(new CaptureError("WT_CAPTURE_INSPECTOR", message.error.message));
    else call?.resolve(message.result as never);
  });
  socket.addEventListener("close", () => {
    for (const call of calls.values()) {
      call.reject(new CaptureError("WT_CAPTURE_INSPECTOR", "the process closed the connection"));
    }
    calls.clear();
  });
  return {
    post: <T>(method: string, params: object = {}) =>
      new Promise<T>((resolve, reject) => {
        const id = ++lastId;
        calls.set(id, { resolve, reject });
        socket.send(JSON.stringify({ id, method, params }));
      }),
    on(event, listener) {
      const known = listeners.get(event) ?? new Set();
      listeners.set(event, known.add(listener));
      return () => void known.delete(listener);
    },
    close: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
      socket.close();
      await closed;
    },
  };
}
