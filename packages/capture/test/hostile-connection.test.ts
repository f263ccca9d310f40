/** Connections that break, fall silent or do not speak HTTP. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { openConnection } from "../src/connection.ts";
import { exchange } from "../src/exchange.ts";
import { type HttpTarget, parseTarget } from "../src/target.ts";
import { ask, rawAnswer, writeForever } from "./ask-target.ts";
import { serveHttp, serveTcp } from "./local-server.ts";

describe("a connection that breaks ends in a coded error within its bound", () => {
  test("a body shorter than its content-length is cut", async () => {
    const { target } = await rawAnswer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ngoroutine");
    expect(await ask(target)).toMatchObject({ code: "WT_CAPTURE_CUT", received: 9 });
  });

  test("a body longer than its content-length is read to that length", async () => {
    const { target } = await rawAnswer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngoroutine");
    expect(await ask(target)).toMatchObject({ code: "none", received: 4 });
  });

  test("contradicting lengths are no HTTP", async () => {
    const { target } = await rawAnswer(
      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\ngoroutine",
    );
    expect((await ask(target)).code).toBe("WT_CAPTURE_HTTP_INVALID");
  });

  test("a reset in the middle of the body is cut", async () => {
    const { target } = await serveTcp((socket) => {
      socket.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ngoroutine\r\n",
        () => {
          setImmediate(() => socket.resetAndDestroy());
        },
      );
    });
    expect((await ask(target)).code).toBe("WT_CAPTURE_CUT");
  });

  test("a connection closed without an answer is cut", async () => {
    const { target } = await serveTcp((socket) => socket.destroy());
    expect((await ask(target)).code).toBe("WT_CAPTURE_CUT");
  });

  test("headers that never end stop at the header time", async () => {
    const { target } = await serveTcp((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const drip = setInterval(() => socket.write("X-A: b\r\n"), 20);
      socket.on("close", () => {
        clearInterval(drip);
      });
    });
    expect((await ask(target)).code).toBe("WT_CAPTURE_HEADER_TIMEOUT");
  });

  test("interim answers without end stop at the header time", async () => {
    const { target } = await serveTcp((socket) => {
      const drip = setInterval(() => socket.write("HTTP/1.1 102 Processing\r\n\r\n"), 20);
      socket.on("close", () => {
        clearInterval(drip);
      });
    });
    expect((await ask(target)).code).toBe("WT_CAPTURE_HEADER_TIMEOUT");
  });

  test("no answer at all stops at the header time", async () => {
    const { target } = await serveTcp(() => {});
    expect((await ask(target)).code).toBe("WT_CAPTURE_HEADER_TIMEOUT");
  });

  test("huge headers stop at their bound", async () => {
    const { target } = await serveTcp((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      writeForever(socket, `X-Filler: ${"x".repeat(8_000)}\r\n`);
    });
    expect((await ask(target)).code).toBe("WT_CAPTURE_HEADERS_TOO_LARGE");
  });

  test("what is not HTTP is said to be none", async () => {
    const { target } = await rawAnswer("-ERR unknown command 'GET'\r\n");
    expect((await ask(target)).code).toBe("WT_CAPTURE_HTTP_INVALID");
  });

  test("a switch of protocols nobody asked for ends the exchange", async () => {
    const { target } = await rawAnswer(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nhello",
    );
    expect((await ask(target)).code).toBe("WT_CAPTURE_HTTP_INVALID");
  });

  test("a closed port refuses", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const { code, message } = await ask(parseTarget(`:${port}`) as HttpTarget);
    expect(code).toBe("WT_CAPTURE_REFUSED");
    expect(message).toContain(`127.0.0.1:${port}`);
  });

  test("a missing unix socket is named", async () => {
    const outcome = await ask(parseTarget("unix:/nowhere/at/all.sock") as HttpTarget);
    expect(outcome.code).toBe("WT_CAPTURE_SOCKET_MISSING");
    expect(outcome.message).toContain("/nowhere/at/all.sock");
  });

  test("an abort ends the exchange and lets go of the connection", async () => {
    const stop = new AbortController();
    const { target } = await serveHttp((_, response) => {
      response.write("goroutine 1");
    });
    const connection = openConnection(target, { signal: stop.signal });
    const asked = exchange(connection, { path: "/x", sink: () => stop.abort() });
    await expect(asked).rejects.toMatchObject({ code: "WT_CAPTURE_ABORTED" });
  });

  test("an abort before the request sends none", async () => {
    const { target, requests } = await serveHttp((_, response) => response.end("x"));
    const connection = openConnection(target, { signal: AbortSignal.abort() });
    const asked = exchange(connection, { path: "/x", sink: () => {} });
    await expect(asked).rejects.toMatchObject({ code: "WT_CAPTURE_ABORTED" });
    expect(requests).toEqual([]);
  });
});
