/** Clients that stay: long polls, event streams and websockets held open during a run. */
import { Agent, get } from "node:http";

export interface HoldOptions {
  readonly url: string;
  readonly count: number;
  readonly kind: "http" | "websocket";
}

/** Opens `count` connections and resolves with what closes them all. */
export async function holdConnections(options: HoldOptions): Promise<() => void> {
  const open = options.kind === "websocket" ? openWebSocket : openHttp;
  const closers = await Promise.all(
    Array.from({ length: options.count }, (_, index) => open(`${options.url}?id=${index}`)),
  );
  return () => {
    for (const close of closers) close();
  };
}

/** A long poll has no answer yet: it counts as open once its request is written. */
function openHttp(url: string): Promise<() => void> {
  const agent = new Agent({ keepAlive: false });
  let closed = false;
  let current = ask();

  function ask(): ReturnType<typeof get> {
    const request = get(url, { agent }, (response) => {
      response.on("error", () => undefined);
      response.resume();
      response.on("end", () => {
        if (!closed) current = ask();
      });
    });
    request.on("error", () => undefined);
    return request;
  }

  return new Promise((resolve) => {
    current.once("finish", () =>
      resolve(() => {
        closed = true;
        current.destroy();
      }),
    );
  });
}

function openWebSocket(url: string): Promise<() => void> {
  const socket = new WebSocket(url.replace(/^http/, "ws"));
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(() => socket.close()));
    socket.addEventListener("error", () => reject(new Error(`no websocket at ${url}`)));
  });
}
