/** Bodies that never end, lie about their compression, or are more than they seem. */
import { createGzip, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ask, writeForever } from "./ask-target.ts";
import { serveHttp } from "./local-server.ts";

describe("a hostile or broken body ends in a coded error within its bound", () => {
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
});
