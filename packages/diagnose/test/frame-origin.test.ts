import type { Frame, GoroutineDump, GoroutineGroup } from "@watertight/profile";
import { expect, test } from "vitest";
import { FrameOrigins } from "../src/index.ts";
import {
  enclosingFunction,
  normaliseFunctionName,
  packageOf,
  parentFunction,
} from "../src/stack/function-name.ts";

function frame(name: string, file: string): Frame {
  return { function: name, file, line: 1 };
}

function dumpOf(...frames: Frame[]): GoroutineDump {
  const group: GoroutineGroup = {
    count: 1,
    state: "chan receive",
    frames,
    elidedFrames: 0,
    createdBy: undefined,
    labels: {},
    ids: new Float64Array(0),
    age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
    leaked: 0,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: 0,
    witnesses: [],
  };
  return {
    format: "goroutine-debug2",
    runtime: "go",
    leakProfile: false,
    total: 1,
    covered: 1,
    truncated: false,
    groups: [group],
    problems: [],
  };
}

function originOf(name: string, file: string, ...others: Frame[]): string {
  const own = frame(name, file);
  return FrameOrigins.of(dumpOf(own, ...others)).of(own);
}

const SERVER = frame("net/http.(*conn).serve", "/opt/go1.26/src/net/http/server.go");

test.each([
  ["runtime.gopark", "/opt/go1.26/src/runtime/proc.go", "runtime"],
  ["internal/runtime/maps.newTable", "/opt/go1.26/src/internal/runtime/maps/table.go", "runtime"],
  ["net/http.(*conn).serve", "/opt/go1.26/src/net/http/server.go", "std"],
  ["net/http.(*conn).serve", "net/http/server.go", "std"],
  [
    "vendor/golang.org/x/net/http2/hpack.f",
    "/opt/go1.26/src/vendor/golang.org/x/net/http2/hpack/x.go",
    "std",
  ],
  ["main.main", "/opt/go1.26/src/runtime/testdata/prog/main.go", "app"],
  ["main.(*server).run.func1", "/home/dev/shop/main.go", "app"],
  ["shop/store.(*Cache[...]).Get", "/home/dev/shop/store/cache.go", "app"],
  ["time/zone.Load", "/home/dev/time/zone/load.go", "app"],
  ["example.com/shop/api.Serve", "/home/dev/shop/api/serve.go", "app"],
  ["example.com/shop/api.Serve", "example.com/shop/api/serve.go", "app"],
  [
    "github.com/lib/pq.(*conn).query",
    "/root/go/pkg/mod/github.com/lib/pq@v1.10.9/conn.go",
    "dependency",
  ],
  ["github.com/lib/pq.(*conn).query", "github.com/lib/pq@v1.10.9/conn.go", "dependency"],
  [
    "github.com/lib/pq.(*conn).query",
    "/home/dev/shop/vendor/github.com/lib/pq/conn.go",
    "dependency",
  ],
  ["gopkg.in/yaml%2ev3.Unmarshal", "/go/pkg/mod/gopkg.in/yaml.v3@v3.0.1/yaml.go", "dependency"],
  [
    "golang.org/x/sync/errgroup.(*Group).Go",
    "/go/src/golang.org/x/sync/errgroup/errgroup.go",
    "dependency",
  ],
])("%s in %s is %s", (name, file, origin) => {
  expect(originOf(name, file, SERVER)).toBe(origin);
});

test("a toolchain that lies in the module cache is the standard library all the same", () => {
  const file = "/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.27.linux-amd64/src/net/http/server.go";
  expect(originOf("net/http.(*conn).serve", file)).toBe("std");
});

test("a program that was installed from the module cache is the service, its dependencies are not", () => {
  const main = frame("main.main", "/go/pkg/mod/github.com/a/tool@v1.0.0/cmd/tool/main.go");
  const own = "/go/pkg/mod/github.com/a/tool@v1.0.0/serve/serve.go";
  expect(originOf("github.com/a/tool/serve.Run", own, main)).toBe("app");
  expect(originOf("github.com/b/lib.Run", "/go/pkg/mod/github.com/b/lib@v1.0.0/run.go", main)).toBe(
    "dependency",
  );
});

test("appModules overrule what the path says", () => {
  const own = frame("corp.example/kit.Run", "/go/pkg/mod/corp.example/kit@v1.2.3/run.go");
  const origins = FrameOrigins.of(dumpOf(own), { appModules: ["corp.example/kit"] });
  expect(origins.of(own)).toBe("app");
});

test("names are taken apart as the linker put them together", () => {
  expect(packageOf("gopkg.in/yaml%2ev3.(*decoder).unmarshal")).toBe("gopkg.in/yaml.v3");
  expect(packageOf("example.com/a/b.F[go.shape.struct { example.com/c/d.X }]")).toBe(
    "example.com/a/b",
  );
  expect(normaliseFunctionName("main.(*pool[go.shape.int]).run.gowrap1")).toBe("main.(*pool).run");
  expect(normaliseFunctionName("main.serve·dwrap·2")).toBe("main.serve");
  expect(parentFunction("main.main.func1.2")).toBe("main.main.func1");
  expect(parentFunction("main.main.func1")).toBe("main.main");
  expect(parentFunction("main.main")).toBeUndefined();
  expect(enclosingFunction("main.(*api).get.func1.2")).toBe("main.(*api).get");
});
