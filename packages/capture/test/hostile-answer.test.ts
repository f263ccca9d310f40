/** Answers that send a client elsewhere, or are no profile. */
import { describe, expect, test } from "vitest";
import { ask, writeForever } from "./ask-target.ts";
import { serveHttp } from "./local-server.ts";

describe("an answer that is no profile ends in a coded error within its bound", () => {
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
});
