import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readExpvarCounter } from "../src/expvar.ts";
import { type PrometheusReading, PrometheusReader } from "../src/prometheus-text.ts";

function read(page: string, metric?: string, pieceBytes = 1 << 20): PrometheusReading {
  const reader = new PrometheusReader(metric);
  const bytes = Buffer.from(page);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    reader.push(bytes.subarray(at, at + pieceBytes));
  }
  return reader.finish();
}

const PAGE = `# HELP go_info Information about the Go environment.
# TYPE go_info gauge
go_info{version="go1.26.8"} 1
# TYPE http_requests_total counter
http_requests_total{code="200",path="/a"} 1027
http_requests_total{code="500",path="/b}\\"{"} 3 1395066363000
http_requests_total{code="200",handler="/metrics"} 900
http_requests_total{code="200",path="/debug/pprof/heap"} 50
# TYPE promhttp_metric_handler_requests_total counter
promhttp_metric_handler_requests_total{code="200"} 5000
rest_client_requests_total{code="200"} 70000
http_requests_in_flight 12
app_requests_total 9
http_request_duration_seconds_bucket{le="+Inf"} 77
http_request_duration_seconds_count 77
`;

describe("a metrics page", () => {
  test("gives the sum of its best request counter, without the requests of whoever watches", () => {
    const { counter, runtime, runtimeVersion } = read(PAGE);
    expect(counter).toEqual({ name: "http_requests_total", value: 1030, series: 2 });
    expect({ runtime, runtimeVersion }).toEqual({ runtime: "go", runtimeVersion: "go1.26.8" });
  });

  test("gives a family that is named", () => {
    expect(read(PAGE, "app_requests_total").counter?.value).toBe(9);
    expect(read(PAGE, "no_such_total").counter).toBeUndefined();
  });

  test("reads the same in pieces of any size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (pieceBytes) => {
        expect(read(PAGE, undefined, pieceBytes)).toEqual(read(PAGE));
      }),
      { numRuns: 50 },
    );
  });

  test("counts a histogram's count where there is no counter, and OpenMetrics with exemplars", () => {
    expect(read('http_request_duration_seconds_count{a="b"} 5\n').counter?.value).toBe(5);
    const line = 'http_requests_total{a="b"} 12.0 # {trace_id="x"} 1 1520879607.789\n';
    expect(read(line).counter?.value).toBe(12);
  });

  test("tells a Node service by its version", () => {
    expect(read('nodejs_version_info{version="v24.1.0",major="24"} 1\n')).toMatchObject({
      runtime: "node",
      runtimeVersion: "v24.1.0",
    });
  });

  test("leaves out a last line that is cut, and lines beyond their bound", () => {
    expect(read("http_requests_total 12\nhttp_requests_total 34").counter?.value).toBe(12);
    const long = `http_requests_total{a="${"x".repeat(40_000)}"} 1\nhttp_requests_total 5\n`;
    expect(read(long, undefined, 1_000)).toMatchObject({ counter: { value: 5 }, skippedLines: 1 });
    expect(read(long)).toMatchObject({ counter: { value: 5 }, skippedLines: 1 });
  });

  test("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const reader = new PrometheusReader();
        reader.push(bytes);
        reader.push(Buffer.from("\n"));
        reader.finish();
      }),
    );
  });

  test("ignores numbers that are none", () => {
    const page = "http_requests_total NaN\nhttp_requests_total +Inf\nhttp_requests_total x\n";
    expect(read(page).counter).toBeUndefined();
  });
});

describe("an expvar page", () => {
  const page = '{"cmdline":["a"],"requests":7,"http":{"served":{"GET":3,"POST":4}},"memstats":{}}';

  test("gives a common name, a named variable and the sum of a map", () => {
    expect(readExpvarCounter(page)).toEqual({ name: "requests", value: 7 });
    expect(readExpvarCounter(page, "http.served")).toEqual({ name: "http.served", value: 7 });
    expect(readExpvarCounter(page, "http.served.GET")?.value).toBe(3);
    expect(readExpvarCounter(page, "nothing")).toBeUndefined();
    expect(readExpvarCounter(page, "__proto__")).toBeUndefined();
    expect(readExpvarCounter("[]")).toBeUndefined();
  });
});
