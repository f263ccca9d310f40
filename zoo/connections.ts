/** Clients that stay: long polls, event streams, tunnels and websockets held open during a run. */
import { Agent, get, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export interface HoldOptions {
  readonly url: string;
  readonly count: number;
  readonly kind: "http" | "websocket" | "upgrade";
  /** Opened one by one over this time, in the background. */
  readonly overMs?: number;
}

type Close = () => void;

const OPENERS = { http: openHttp, websocket: openWebSocket, upgrade: openUpgrade };

/** Opens `count` connections and resolves with what closes them all. */
export async function holdConnections(options: HoldOptions): Promise<Close> {
  const closers: Close[] = [];
  const ending = new AbortController();
  const open = async (index: number): Promise<void> => {
    const close = await OPENERS[options.kind](`${options.url}?id=${index}`);
    if (ending.signal.aborted) close();
    else closers.push(close);
  };
  const indexes = Array.from({ length: options.count }, (_, index) => index);
  const opened = Promise.all(
    indexes.map(async (index) => {
      const startMs = ((options.overMs ?? 0) * index) / options.count;
      if (startMs > 0) await sleep(startMs);
      if (!ending.signal.aborted) await open(index);
    }),
  );
  if (options.overMs === undefined) await opened;
  else opened.catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  return () => {
    ending.abort();
    for (const close of closers) close();
  };
}

/** A long poll has no answer yet: it counts as open once its request is written. */
function openHttp(url: string): Promise<Close> {
  const agent = new Agent({ keepAlive: false });
  let closed = false;
  let current = ask();

  function ask(): ReturnType<typeof get> {
    const asked = get(url, { agent }, (response) => {
      response.on("error", () => undefined);
      response.resume();
      response.on("end", () => {
        if (!closed) current = ask();
      });
    });
    asked.on("error", () => undefined);
    return asked;
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

/** Leaves HTTP behind: what is a socket afterwards belongs to both sides. */
function openUpgrade(url: string): Promise<Close> {
  const asked = request(url, { headers: { connection: "Upgrade", upgrade: "tunnel" } });
  asked.end();
  return new Promise((resolve, reject) => {
    asked.once("upgrade", (_, socket) => {
      socket.on("error", () => undefined);
      resolve(() => socket.destroy());
    });
    asked.once("error", reject);
  });
}

function openWebSocket(url: string): Promise<Close> {
  const socket = new WebSocket(url.replace(/^http/, "ws"));
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(() => socket.close()));
    socket.addEventListener("error", () => reject(new Error(`no websocket at ${url}`)));
  });
}
