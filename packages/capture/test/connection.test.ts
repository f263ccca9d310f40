import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type ConnectionOptions, openConnection } from "../src/connection.ts";
import { exchange } from "../src/exchange.ts";
import { type HttpTarget, parseTarget } from "../src/target.ts";
import { serveHttp, serveTcp } from "./local-server.ts";

const opensslCommand = process.env["OPENSSL"] ?? "openssl";

let folder = "";
const file = (name: string): string => join(folder, name);

/** A certificate authority, and two certificates that it signed. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "watertight-tls-"));
  const openssl = (...args: string[]): void => {
    execFileSync(opensslCommand, args, { cwd: folder, stdio: "ignore" });
  };
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...curve, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA");
  for (const [name, subject] of [
    ["server", "IP:127.0.0.1,DNS:pprof.internal"],
    ["client", "DNS:client"],
  ]) {
    openssl(
      "req",
      "-x509",
      ...curve,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-subj",
      `/CN=${name}`,
      "-addext",
      `subjectAltName=${subject}`,
    );
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function serveTls(options: ServerOptions = {}): Promise<HttpTarget> {
  const server = createServer(
    { cert: readFileSync(file("server.pem")), key: readFileSync(file("server.key")), ...options },
    (_, response) => response.end("whole"),
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return parseTarget(`https://127.0.0.1:${(server.address() as AddressInfo).port}`) as HttpTarget;
}

async function get(target: HttpTarget, options: ConnectionOptions = {}): Promise<string> {
  const parts: Uint8Array[] = [];
  await exchange(openConnection(target, options), {
    path: "/x",
    sink: (chunk) => {
      parts.push(chunk);
    },
  });
  return Buffer.concat(parts).toString();
}

describe("TLS", () => {
  test("a certificate of an authority that was passed is trusted", async () => {
    expect(await get(await serveTls(), { caFile: file("ca.pem") })).toBe("whole");
  });

  test("an unknown authority is refused, and named as that", async () => {
    await expect(get(await serveTls())).rejects.toMatchObject({ code: "WT_CAPTURE_TLS_UNTRUSTED" });
  });

  test("a certificate for another name is refused", async () => {
    const target = await serveTls();
    const options = { caFile: file("ca.pem"), serverName: "elsewhere.internal" };
    await expect(get(target, options)).rejects.toMatchObject({ code: "WT_CAPTURE_TLS_UNTRUSTED" });
    expect(await get(target, { ...options, serverName: "pprof.internal" })).toBe("whole");
  });

  test("insecure mode skips the check and says so", async () => {
    const target = await serveTls();
    expect(await get(target, { tls: "insecure" })).toBe("whole");
    expect(openConnection(target, { tls: "insecure" }).notes.join()).toMatch(/not checked/);
    expect(openConnection(target).notes).toEqual([]);
  });

  test("a client certificate is presented, its lack is named", async () => {
    const target = await serveTls({
      ca: readFileSync(file("ca.pem")),
      requestCert: true,
      rejectUnauthorized: true,
    });
    const caFile = file("ca.pem");
    const client = { certificateFile: file("client.pem"), keyFile: file("client.key") };
    expect(await get(target, { caFile, ...client })).toBe("whole");
    await expect(get(target, { caFile })).rejects.toMatchObject({ code: "WT_CAPTURE_TLS_CLIENT" });
  });

  test("neither key nor token is in what a connection shows", () => {
    const connection = openConnection(parseTarget("https://127.0.0.1:1") as HttpTarget, {
      certificateFile: file("client.pem"),
      keyFile: file("client.key"),
      bearerToken: "t0k3n",
    });
    const shown = JSON.stringify(connection) + inspect(connection, { depth: 9, showHidden: true });
    expect(shown).not.toMatch(/t0k3n|Buffer|PRIVATE/);
  });

  test("plain HTTP behind https:// is said to be that", async () => {
    const { port } = await serveHttp((_, response) => response.end("x"));
    const target = parseTarget(`https://127.0.0.1:${port}`) as HttpTarget;
    await expect(get(target)).rejects.toMatchObject({ code: "WT_CAPTURE_TLS_FAILED" });
  });

  test("a port that accepts and never shakes hands stops at the connect time", async () => {
    const { port } = await serveTcp(() => {});
    const target = parseTarget(`https://127.0.0.1:${port}`) as HttpTarget;
    const limits = { connectMs: 100 };
    await expect(get(target, { limits })).rejects.toMatchObject({
      code: "WT_CAPTURE_CONNECT_TIMEOUT",
    });
  });
});

describe("what is presented to a target", () => {
  test("headers, the bearer token and the URL's own query arrive", async () => {
    const seen: (string | undefined)[] = [];
    const { port } = await serveHttp((request, response) => {
      seen.push(request.url, request.headers.authorization, request.headers["x-tenant"] as string);
      response.end();
    });
    const target = parseTarget(`http://127.0.0.1:${port}?key=k1`) as HttpTarget;
    const env = { PPROF_TOKEN: "t0k3n\n" };
    await get(target, { bearerTokenEnv: "PPROF_TOKEN", headers: { "X-Tenant": "a" }, env });
    expect(seen).toEqual(["/x?key=k1", "Bearer t0k3n", "a"]);
  });

  test("user and password of the URL arrive as basic authentication", async () => {
    let seen: string | undefined;
    const { port } = await serveHttp((request, response) => {
      seen = request.headers.authorization;
      response.writeHead(401);
      response.end();
    });
    const target = parseTarget(`http://ann:secret@127.0.0.1:${port}`) as HttpTarget;
    const failure: unknown = await get(target).catch((error: unknown) => error);
    expect(seen).toBe(`Basic ${btoa("ann:secret")}`);
    expect(inspect(failure, { depth: 9 })).not.toMatch(/secret|YW5u/);
    expect(inspect(openConnection(target), { depth: 9 })).not.toMatch(/:secret|YW5u/);
  });

  test("a proxy of the environment is not used", async () => {
    const proxy = await serveHttp((_, response) => response.end("proxied"));
    const { target } = await serveHttp((_, response) => response.end("direct"));
    const before = { ...process.env };
    onTestFinished(() => {
      process.env = before;
    });
    process.env["HTTP_PROXY"] = `http://127.0.0.1:${proxy.port}`;
    process.env["http_proxy"] = process.env["HTTP_PROXY"];
    process.env["NODE_USE_ENV_PROXY"] = "1";
    expect(await get(target)).toBe("direct");
  });

  test.each([
    [{ bearerTokenEnv: "NOT_SET", env: {} }, "WT_CAPTURE_CREDENTIAL_MISSING"],
    [{ bearerToken: "a\r\nX-Injected: b" }, "WT_CAPTURE_OPTION_INVALID"],
    [{ headers: { "x y": "b" } }, "WT_CAPTURE_OPTION_INVALID"],
    [{ headers: { Host: "elsewhere" } }, "WT_CAPTURE_OPTION_INVALID"],
    [{ headers: { x: "a\nb" } }, "WT_CAPTURE_OPTION_INVALID"],
    [{ certificateFile: "/a.pem" }, "WT_CAPTURE_OPTION_INVALID"],
    [{ caFile: "/no/such.pem" }, "WT_CAPTURE_CREDENTIAL_MISSING"],
    [{ limits: { idleMs: 0 } }, "WT_CAPTURE_OPTION_INVALID"],
  ])("%j is refused with %s before any request", (options, code) => {
    const target = parseTarget(":1") as HttpTarget;
    expect(() => openConnection(target, options)).toThrow(expect.objectContaining({ code }));
  });

  test("credentials over plain HTTP to another machine are noted", () => {
    const options = { bearerToken: "t" };
    const note = (text: string): string =>
      openConnection(parseTarget(text) as HttpTarget, options).notes.join();
    expect(note("http://api.internal:6060")).toMatch(/plain HTTP/);
    expect(note("https://api.internal:6060")).toBe("");
    expect(note("http://127.0.0.1:6060")).toBe("");
    expect(note("unix:/run/a.sock")).toBe("");
  });
});

test("a unix socket is reached, with a prefix of its own", async () => {
  const path = file("app.sock");
  const server = createHttpServer((request, response) => response.end(request.url));
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  expect(await get(parseTarget(`unix:${path}`) as HttpTarget)).toBe("/x");
});
