/** Bodies that leave nothing that anybody has to clean up. */
import { exec } from "node:child_process";
import { EventEmitter, once } from "node:events";
import fs from "node:fs";
import { open } from "node:fs/promises";
import http from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { RequestContext, Channel } from "@watertight/flow";
import { Pool, request } from "undici";
import { Mutex } from "./mutex.ts";
import { serverUrl } from "./server.ts";

const agent = new http.Agent({ keepAlive: true });
const bus = new EventEmitter();
const shutdown = new AbortController();

async function* readRows(): AsyncGenerator<number> {
  for (let row = 0; row < 10; row += 1) yield row;
}

export const HEALTHY: Readonly<Record<string, () => unknown>> = {
  "nothing at all": () => undefined,
  "a fetch that is read": async () => await (await fetch(serverUrl())).text(),
  "a large fetch that is read": async () => await (await fetch(`${serverUrl()}/large`)).bytes(),
  "a large fetch that is cancelled": async () =>
    await (await fetch(`${serverUrl()}/large`)).body?.cancel(),
  "a pool of undici that is closed": async () => {
    const pool = new Pool(serverUrl());
    const { body } = await pool.request({ path: "/", method: "GET" });
    await body.text();
    await pool.close();
  },
  "a request through the pool of everybody": async () => {
    const { body } = await request(serverUrl());
    await body.text();
  },
  "an aborted fetch": async () => {
    const controller = new AbortController();
    const answer = fetch(`${serverUrl()}/hang`, { signal: controller.signal });
    controller.abort();
    await answer.catch(() => {});
  },
  "a fetch under an older signal": async () =>
    await (await fetch(serverUrl(), { signal: shutdown.signal })).text(),
  "a keep-alive agent": async () => {
    const request = http.get(serverUrl(), { agent });
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    response.resume();
    await once(response, "end");
  },
  "a race whose loser settles": async () => await Promise.race([sleep(1), sleep(40)]),
  "a timeout that is cleared": async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((_, reject) => {
      timer = setTimeout(reject, 10_000);
    });
    await Promise.race([sleep(1), late]);
    clearTimeout(timer);
  },
  "late work that finishes": () => void sleep(60),
  "a generator that ends": async () => {
    let sum = 0;
    for await (const row of readRows()) sum += row;
    return sum;
  },
  "a generator that is left with break": async () => {
    for await (const row of readRows()) if (row > 2) break;
  },
  "a listener that is removed": () => {
    const onChange = (): void => {};
    bus.on("change", onChange);
    bus.off("change", onChange);
  },
  "a once that fires": async () => {
    setImmediate(() => bus.emit("ready"));
    await once(bus, "ready");
  },
  "a listener on its own emitter": () => {
    new EventEmitter().on("change", () => {});
  },
  "a listener on an older signal that is removed by its own": () => {
    const own = new AbortController();
    shutdown.signal.addEventListener("abort", () => {}, { signal: own.signal });
    own.abort();
  },
  "an awaited worker": async () => {
    const worker = new Worker("setInterval(() => {}, 1000)", { eval: true });
    await once(worker, "online");
    await worker.terminate();
  },
  "an awaited child": async () => await promisify(exec)("true"),
  "a server that is closed": async () => {
    const server = http.createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    await (await fetch(`http://127.0.0.1:${port}`)).text();
    server.close();
    server.closeAllConnections();
  },
  "files that are closed": async () => {
    fs.closeSync(fs.openSync(import.meta.filename, "r"));
    const file = await open(import.meta.filename, "r");
    await file.close();
  },
  "a pipeline to its end": async () =>
    await pipeline(fs.createReadStream(import.meta.filename), fs.createWriteStream("/dev/null")),
  "a lock that is given back": async () => {
    const mutex = new Mutex();
    const work = async (): Promise<void> => {
      const release = await mutex.acquire();
      await sleep(1);
      release();
    };
    await Promise.all([work(), work()]);
  },
  "a context and a channel": async () => {
    const context = RequestContext.start({ timeoutMs: 10_000, name: "job" });
    const results = new Channel<number>({ capacity: 1, name: "results" });
    await results.send(1, { context });
    await results.receive({ context });
    context[Symbol.dispose]();
  },
  "a promise that nobody awaits": () => void new Promise(() => {}),
  "an interval that is awaited to its end": async () => {
    let rounds = 0;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        rounds += 1;
        if (rounds < 3) return;
        clearInterval(timer);
        resolve();
      }, 2);
    });
  },
};
