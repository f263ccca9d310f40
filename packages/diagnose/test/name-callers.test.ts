import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { decodeGoroutineText, decodePprof } from "@watertight/profile";
import { diagnose, type Observation } from "@watertight/diagnose";

// A real service whose only caller of http.Client is main.(*hasty).quote.
const folder = join(import.meta.dirname, "../../../zoo/recorded/orders-api");

function readSeries(): readonly Observation[] {
  const names = readdirSync(folder).toSorted();
  const read = (name: string): Uint8Array => gunzipSync(readFileSync(join(folder, name)));
  return names
    .filter((name) => name.endsWith(".goroutine.txt.gz"))
    .map((name, at) => ({
      atMs: at * 4000,
      goroutines: decodeGoroutineText(read(name)),
      heap: decodePprof(read(name.replace("goroutine.txt", "heap.pb"))).profile,
    }));
}

function withoutHeap({ atMs, goroutines }: Observation): Observation {
  return { atMs, ...(goroutines ? { goroutines } : {}) };
}

const series = readSeries();
const unclosed = (observations: readonly Observation[]) =>
  diagnose(observations).findings.find((finding) => finding.cause === "unclosed-body");

test("the heap names the line that called the library whose goroutine leaked", () => {
  const finding = unclosed(series);
  expect(finding?.creator?.function).toBe("main.(*hasty).quote");
  expect(finding?.evidence.at(-1)?.text).toMatch(/main\.\(\*hasty\)\.quote \(leaky\.go:26\) 100 %/);
});

test("without a heap the library's own line stands, and the report says that it is no more", () => {
  const finding = unclosed(series.map(withoutHeap));
  expect(finding?.creator?.function).toBe("net/http.(*Transport).dialConn");
  expect(finding?.evidence.at(-1)?.text).toContain("does not say for which line");
});

test("the same leak keeps its fingerprint, with the line and without it", () => {
  expect(unclosed(series)?.id).toBe(unclosed(series.map(withoutHeap))?.id);
});

test("leaks whose creator is the service's own keep it", () => {
  const creators = (observations: readonly Observation[]): readonly (string | undefined)[] =>
    diagnose(observations)
      .findings.filter((finding) => finding.cause !== "unclosed-body")
      .map((finding) => finding.creator?.function);
  expect(creators(series)).toEqual(creators(series.map(withoutHeap)));
});
