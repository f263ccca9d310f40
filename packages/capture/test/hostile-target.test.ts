import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { createGzip, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openConnection } from "../src/connection.ts";
import { CaptureError, type CaptureErrorCode } from "../src/errors.ts";
import { exchange } from "../src/exchange.ts";
import type { ExchangeLimits } from "../src/limits.ts";
import { type HttpTarget, parseTarget } from "../src/target.ts";
import { type LocalServer, serveHttp, serveTcp } from "./local-server.ts";

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

async function ask(
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

function writeForever(
  stream: NodeJS.WritableStream & { destroyed?: boolean },
  piece: Uint8Array | string,
): void {
  const write = (): void => {
    while (stream.destroyed !== true && stream.write(piece));
  };
  stream.on("drain", write);
  write();
}

function rawAnswer(text: string): Promise<LocalServer> {
  return serveTcp((socket) => {
    socket.end(text, "latin1");
  });
}

describe("a hostile or broken target ends in a coded error within its bound", () => {
  test("an endless body stops at the byte budget", async () => {
    const { target } = await serveHttp((_, response) => {
      writeForever(response, Buffer.alloc(65_536, "goroutine 1 [running]:\n"));
    });
    const outcome = await ask(target);
    expect(outcome.code).toBe("WT_CAPTURE_TOO_LARGE");
    expect(outcome.received).toBeGreaterThan(0);
    expect(outcome.received).toBeLessThanOrEqual(1_000_000);
  });

  test("a body that drips one byte at a time stops at the total time", async () => {
    const { target } = await serveHttp((_, response) => {
      const drip = setInterval(() => response.write("g"), 10);
      response.on("close", () => {
        clearInterval(drip);
      });
    });
    const outcome = await ask(target, { totalMs: 200 });
    expect(outcome.code).toBe("WT_CAPTURE_TOTAL_TIMEOUT");
  });

  test("a body that falls silent stops at the idle time and keeps what came", async () => {
    const { target } = await serveHttp((_, response) => response.write("goroutine 1"));
    const outcome = await ask(target);
    expect(outcome).toMatchObject({ code: "WT_CAPTURE_IDLE_TIMEOUT", received: 11 });
  });

  test("a gzip bomb stops at the inflated bound", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const { target } = await serveHttp((_, response) => {
      response.setHeader("content-encoding", "gzip");
      response.end(bomb);
    });
    const outcome = await ask(target);
    expect(outcome.code).toBe("WT_CAPTURE_INFLATED_TOO_LARGE");
    expect(outcome.received).toBeLessThanOrEqual(2_000_000);
  });

  test("an endless gzip stream that inflates to nothing stops at the byte budget", async () => {
    const { target } = await serveHttp((_, response) => {
      response.setHeader("content-encoding", "gzip");
      response.write(gzipSync("").subarray(0, 10));
      // Empty stored blocks: five bytes each on the wire, none inflated.
      writeForever(response, Buffer.alloc(65_535, Buffer.from([0, 0, 0, 0xff, 0xff])));
    });
    expect((await ask(target)).code).toBe("WT_CAPTURE_TOO_LARGE");
  });

  test("a body that lies about its compression is an encoding error", async () => {
    const { target } = await serveHttp((_, response) => {
      response.setHeader("content-encoding", "gzip");
      response.end("goroutine 1 [running]:");
    });
    expect((await ask(target)).code).toBe("WT_CAPTURE_ENCODING");
  });

  test("a compression nobody knows is an encoding error", async () => {
    const { target } = await serveHttp((_, response) => {
      response.setHeader("content-encoding", "rot13\u00e9");
      response.end("tbebhgvar");
    });
    expect((await ask(target)).code).toBe("WT_CAPTURE_ENCODING");
  });

  test("a gzip body that breaks off keeps what was inflated", async () => {
    const { target } = await serveHttp((_, response) => {
      response.setHeader("content-encoding", "gzip");
      const gzip = createGzip();
      gzip.pipe(response, { end: false });
      gzip.write("goroutine 1 [running]:\n");
      gzip.flush(() => setImmediate(() => response.destroy()));
    });
    const outcome = await ask(target);
    expect(outcome.code).toBe("WT_CAPTURE_CUT");
  });

  test("a redirect to another host is not followed", async () => {
    const elsewhere = await serveHttp((_, response) => response.end("secret"));
    const { target } = await serveHttp((_, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${elsewhere.port}/?token=s3cr3t` });
      response.end();
    });
    const outcome = await ask(target);
    expect(outcome.code).toBe("WT_CAPTURE_REDIRECT_ELSEWHERE");
    expect(outcome.message).toContain(`127.0.0.1:${elsewhere.port}`);
    expect(outcome.message).not.toContain("s3cr3t");
    expect(elsewhere.requests).toEqual([]);
  });

  test.each(["file:///etc/passwd", "//169.254.169.254/latest", "gopher://x", "http://[", "https:"])(
    "a redirect to %s is not followed",
    async (location) => {
      const { target, requests } = await serveHttp((_, response) => {
        response.writeHead(307, { location });
        response.end();
      });
      const { code } = await ask(target);
      expect(["WT_CAPTURE_REDIRECT_ELSEWHERE", "WT_CAPTURE_REDIRECT_LOOP"]).toContain(code);
      expect(requests.length).toBeLessThanOrEqual(4);
    },
  );

  test("a redirect within the target is followed, a loop of them is not", async () => {
    const { target, requests } = await serveHttp((request, response) => {
      const isEnd = request.url === "/end";
      response.writeHead(
        isEnd ? 200 : 301,
        isEnd ? {} : { location: request.url === "/a" ? "/end" : "/b" },
      );
      response.end("whole");
    });
    expect(await ask(target, {}, "/a")).toMatchObject({ code: "none", received: 5 });
    expect((await ask(target, {}, "/b")).code).toBe("WT_CAPTURE_REDIRECT_LOOP");
    expect(requests.filter((path) => path === "/b")).toHaveLength(4);
  });

  test.each([
    [401, "WT_CAPTURE_UNAUTHORIZED"],
    [403, "WT_CAPTURE_FORBIDDEN"],
    [404, "WT_CAPTURE_NO_PPROF"],
    [500, "WT_CAPTURE_STATUS"],
    [503, "WT_CAPTURE_STATUS"],
  ])("status %i is %s", async (status, code) => {
    const { target } = await serveHttp((_, response) => {
      response.writeHead(status);
      response.end("no");
    });
    expect((await ask(target)).code).toBe(code);
  });

  test("a 404 of pprof itself says that only the profile is missing", async () => {
    const { target } = await serveHttp((_, response) => {
      response.writeHead(404, { "x-go-pprof": "1" });
      response.end("Unknown profile\n");
    });
    expect((await ask(target)).code).toBe("WT_CAPTURE_PROFILE_MISSING");
  });

  test("an endless error body is not read to its end", async () => {
    const { target } = await serveHttp((_, response) => {
      response.writeHead(500);
      writeForever(response, Buffer.alloc(65_536, "x"));
    });
    expect((await ask(target)).code).toBe("WT_CAPTURE_STATUS");
  });

  test("a login page is no profile", async () => {
    const { target } = await serveHttp((_, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end("<html><form action=/login>");
    });
    const outcome = await ask(target);
    expect(outcome).toMatchObject({ code: "WT_CAPTURE_HTML", received: 0 });
  });

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
