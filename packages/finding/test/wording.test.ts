import { expect, test } from "vitest";
import {
  describeGrowth,
  describeLeaks,
  formatBytes,
  formatCount,
  formatDuration,
  formatQuantity,
} from "../src/wording.ts";
import { shortenFunction, shortenPath } from "../src/source-path.ts";
import { poolExhausted, leakyReport } from "./examples/report.ts";

test.each([
  [0, "0"],
  [12_431, "12,431"],
  [1_000_000, "1,000,000"],
  [-1234, "-1,234"],
  [2.345, "2.3"],
  [1234.5, "1,235"],
  [Number.NaN, "unknown"],
])("%d reads %s", (value, text) => {
  expect(formatCount(value)).toBe(text);
});

test.each([
  [0, "0 B"],
  [1023, "1,023 B"],
  [1024, "1 KiB"],
  [1_572_864, "1.5 MiB"],
  [-(2 ** 30), "-1 GiB"],
])("%d bytes read %s", (value, text) => {
  expect(formatBytes(value)).toBe(text);
});

test.each([
  [850, "850 ms"],
  [30_000, "30 s"],
  [300_000, "5 min"],
  [7_800_000, "2 h 10 min"],
  [273_600_000, "3 d 4 h"],
])("%d ms read %s", (value, text) => {
  expect(formatDuration(value)).toBe(text);
});

test("one is one", () => {
  expect(formatQuantity(1, "goroutines")).toBe("1 goroutine");
  expect(formatQuantity(2, "tasks")).toBe("2 tasks");
});

test.each([
  [1.02, "one per request"],
  [2, "2 per request"],
  [0.5, "one per 2 requests"],
  [0.033, "one per 30 requests"],
  [0, "not following requests"],
])("%d per request reads %s", (perRequest, text) => {
  const growth = { perHour: 1240, pValue: 0.0021, captures: 4, perRequest };
  expect(describeGrowth(growth, "goroutines")).toEqual([
    "+1,240/h",
    text,
    "p = 0.002 over 4 captures",
  ]);
});

test("what a leak causes is not counted as another leak, unless nothing else is there", () => {
  expect(describeLeaks(leakyReport)).toBe("2 leaks and 1 suspect");
  expect(describeLeaks({ ...leakyReport, findings: [poolExhausted] })).toBe("1 leak");
  expect(describeLeaks({ ...leakyReport, findings: [] })).toBe("No leak found");
});

test("a question that is open is not passed over in the verdict", () => {
  const undecided = ["40 goroutines wait at main.query (query.go:3)."];
  expect(describeLeaks({ ...leakyReport, findings: [], undecided })).toBe(
    "Not decided: 1 open question",
  );
});

test("a report that read nothing does not say that nothing leaks", () => {
  const [capture] = leakyReport.captures;
  const nothing = { ...(capture as NonNullable<typeof capture>), total: 1, covered: 0 };
  const clean = { ...leakyReport, findings: [] };
  expect(describeLeaks({ ...clean, captures: [] })).toBe("Nothing could be read");
  expect(describeLeaks({ ...clean, captures: [nothing] })).toBe("Nothing could be read");
  expect(describeLeaks({ ...clean, captures: [{ ...nothing, total: 0 }] })).toBe("No leak found");
});

test("a growth that chance explains has no rate", () => {
  const growth = { perHour: 1240, pValue: 0.5, captures: 4 };
  expect(describeGrowth(growth, "goroutines")).toEqual([
    "growth not certain: p = 0.5 over 4 captures",
  ]);
});

test("a fast growth is told by the second", () => {
  const growth = { perHour: 72_000, pValue: 0.0001, captures: 4 };
  expect(describeGrowth(growth, "goroutines")).toEqual(["+20/s", "p < 0.001 over 4 captures"]);
});

test.each([
  ["/srv/orders/internal/a.go", "internal/a.go", "project"],
  [
    "/root/go/pkg/mod/google.golang.org/grpc@v1.70.0/stream.go",
    "google.golang.org/grpc@v1.70.0/stream.go",
    "dependency",
  ],
  ["/srv/orders/vendor/github.com/x/y/z.go", "github.com/x/y/z.go", "dependency"],
  ["/usr/local/go/src/net/http/transport.go", "net/http/transport.go", "runtime"],
  ["/opt/hostedtoolcache/go-1.27/src/net/http/transport.go", "net/http/transport.go", "runtime"],
  [
    "/root/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64/src/sync/mutex.go",
    "sync/mutex.go",
    "runtime",
  ],
  ["/usr/lib/go-1.19/src/sync/mutex.go", "sync/mutex.go", "runtime"],
  ["/home/me/other/main.go", "/home/me/other/main.go", "unknown"],
])("%s is shown as %s", (file, path, origin) => {
  expect(shortenPath(file, "/srv/orders/")).toEqual({ path, origin });
});

test("a function keeps its package's last part and its type", () => {
  expect(shortenFunction("example.com/orders/internal/store.(*Orders).List")).toBe(
    "store.(*Orders).List",
  );
  expect(shortenFunction("a/b.Map[c/d.T].func1")).toBe("b.Map[c/d.T].func1");
  expect(shortenFunction("main.main")).toBe("main.main");
});
