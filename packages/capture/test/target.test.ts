import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { CaptureError } from "../src/errors.ts";
import { type HttpTarget, parseTarget } from "../src/target.ts";

describe("a target is read as people write it", () => {
  test.each([
    ["http://host:6060", "http://host:6060", "", "http://host:6060"],
    ["http://host:6060/", "http://host:6060", "", "http://host:6060"],
    [
      "http://host:6060/debug/pprof",
      "http://host:6060",
      "/debug/pprof",
      "http://host:6060/debug/pprof",
    ],
    ["https://host/svc-a/pprof/", "https://host", "/svc-a/pprof", "https://host/svc-a/pprof"],
    ["localhost:6060", "http://localhost:6060", "", "http://localhost:6060"],
    ["localhost:6060/x", "http://localhost:6060", "/x", "http://localhost:6060/x"],
    [":6060", "http://127.0.0.1:6060", "", "http://127.0.0.1:6060"],
    ["[::1]:6060", "http://[::1]:6060", "", "http://[::1]:6060"],
    [
      "http://h:1/debug/pprof/goroutine?debug=2",
      "http://h:1",
      "/debug/pprof",
      "http://h:1/debug/pprof",
    ],
    [
      "http://h:1/debug/pprof/heap?gc=1&debug=1",
      "http://h:1",
      "/debug/pprof",
      "http://h:1/debug/pprof",
    ],
  ])("%s", (text, origin, prefix, display) => {
    expect(parseTarget(text)).toEqual({ kind: "http", origin, prefix, display });
  });

  test("a unix socket, with and without a prefix", () => {
    expect(parseTarget("unix:/run/app.sock")).toMatchObject({
      socketPath: "/run/app.sock",
      prefix: "",
      display: "unix:/run/app.sock",
    });
    expect(parseTarget("unix:/run/app.sock:/internal/pprof")).toMatchObject({
      socketPath: "/run/app.sock",
      prefix: "/internal/pprof",
    });
    expect(parseTarget("unix:///run/app.sock")).toMatchObject({ socketPath: "/run/app.sock" });
  });

  test("a process id, standard input, a file and a folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "watertight-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, "dump.txt");
    writeFileSync(file, "");
    expect(parseTarget("4711")).toMatchObject({ kind: "pid", pid: 4711 });
    expect(parseTarget("-")).toMatchObject({ kind: "stdin" });
    expect(parseTarget(file)).toMatchObject({ kind: "file", path: file });
    expect(parseTarget(folder)).toMatchObject({ kind: "folder", path: folder });
  });

  test.each([
    ["", "WT_CAPTURE_TARGET_INVALID"],
    ["ftp://host/x", "WT_CAPTURE_TARGET_INVALID"],
    ["http://", "WT_CAPTURE_TARGET_INVALID"],
    ["http://h:99999", "WT_CAPTURE_TARGET_INVALID"],
    ["unix:", "WT_CAPTURE_TARGET_INVALID"],
    ["0", "WT_CAPTURE_TARGET_INVALID"],
    ["99999999999", "WT_CAPTURE_TARGET_INVALID"],
    ["my-service.internal", "WT_CAPTURE_TARGET_INVALID"],
    ["./no/such/file.txt", "WT_CAPTURE_FILE_UNREADABLE"],
    ["http://%zz:x@h:1", "WT_CAPTURE_TARGET_INVALID"],
  ])("%j is refused with %s", (text, code) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code }));
  });

  test("a name without a port is told what to add", () => {
    expect(() => parseTarget("my-service")).toThrow(/my-service:6060/);
  });

  test("secrets of a URL are shown nowhere", () => {
    const target = parseTarget("http://ann:pa%20ss@h:1/p?token=s3cr3t&debug=1") as HttpTarget;
    expect(target.display).toBe("http://h:1/p");
    expect(target.authorization?.reveal()).toBe(`Basic ${btoa("ann:pa ss")}`);
    expect(target.query?.reveal()).toBe("token=s3cr3t");
    const shown = `${JSON.stringify(target)} ${inspect(target, { depth: 9, showHidden: true })}`;
    expect(shown).not.toMatch(/s3cr3t|pa ss|YW5u/);
  });

  test("whatever is written gives a target or a coded error", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((s) => `unix:${s}`),
        ),
        (text) => {
          try {
            parseTarget(text);
          } catch (error) {
            expect(error).toBeInstanceOf(CaptureError);
          }
        },
      ),
    );
  });
});
