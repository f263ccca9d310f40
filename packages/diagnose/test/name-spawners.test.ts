import { decodeGoroutineText, type Frame, type Spawn } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { diagnose, type Observation } from "../src/index.ts";

const frame = (name: string, file: string, line: number): Frame => ({ function: name, file, line });
const GO = "/usr/local/go/src";
const begin = frame("database/sql.(*DB).beginDC", `${GO}/database/sql/sql.go`, 1925);
const charge = frame("shop.test/billing.charge", "/src/billing/billing.go", 55);
const handle = frame("shop.test/billing.handle", "/src/billing/http.go", 12);
const dial = frame("net/http.(*Transport).dialConn", `${GO}/net/http/transport.go`, 1994);
const queue = frame("net/http.(*Transport).queueForDial", `${GO}/net/http/transport.go`, 1500);
const fetch = frame("shop.test/rates.fetch", "/src/rates/rates.go", 7);

const idOf = (at: number): number => 100 + at * 40;
const text = (member: (id: number) => string): string =>
  Array.from({ length: 60 }, (_, at) => member(idOf(at))).join("\n\n");
const transactions = text(
  (id) => `goroutine ${id} [chan receive]:
database/sql.(*Tx).awaitDone(0xc0000a0000)
	${GO}/database/sql/sql.go:2212 +0x2b
created by ${begin.function} in goroutine ${id - 1}
	${begin.file}:${begin.line} +0x1d`,
);
const bodies = text(
  (id) => `goroutine ${id} [select]:
net/http.(*persistConn).readLoop(0xc0000a0000)
	${GO}/net/http/transport.go:2450 +0x2b
created by ${dial.function} in goroutine ${id - 1}
	${dial.file}:${dial.line} +0x1d`,
);

function explain(dump: string, spawns: readonly Spawn[] = []) {
  const goroutines = decodeGoroutineText(new TextEncoder().encode(dump));
  const observation: Observation = {
    atMs: 0,
    goroutines,
    ...(spawns.length === 0 ? {} : { spawns: { version: "1.26", spawns, problems: [] } }),
  };
  const { findings, hasUnknownCallers } = diagnose([observation]);
  return { finding: findings[0], hasUnknownCallers };
}

describe("goroutines that a library started", () => {
  test("are asked about when no capture says for which line", () => {
    const { finding, hasUnknownCallers } = explain(transactions);
    expect(finding?.cause).toBe("sql-tx");
    expect(finding?.creator).toMatchObject({ function: begin.function });
    expect(hasUnknownCallers).toBe(true);
  });

  test("are given the service's line on the stack of the go statement, and the line that called it", () => {
    const spawns = [{ id: 9000, parentId: 8000, frames: [begin, charge, handle] }];
    const { finding, hasUnknownCallers } = explain(transactions, spawns);
    expect(finding?.creator).toEqual(charge);
    expect(finding?.evidence.at(-1)?.text).toBe(
      "An execution trace saw 1 of them start: database/sql.(*DB).beginDC (sql.go:1925) did so on behalf of shop.test/billing.charge (billing.go:55) 100 %, called by shop.test/billing.handle (http.go:12).",
    );
    expect(finding?.id).toBe(explain(transactions).finding?.id);
    expect(hasUnknownCallers).toBe(false);
  });

  test("are followed up through the helpers that started their helpers", () => {
    const spawns = [
      { id: 9001, parentId: 9000, frames: [dial] },
      { id: 9000, parentId: 8000, frames: [queue, fetch, handle] },
    ];
    expect(explain(bodies, spawns).finding?.creator).toEqual(fetch);
  });

  test("keep the library's line when starts come from many lines, or the way up is not in the trace", () => {
    const lines = [1, 2, 3].map((line) => frame(charge.function, charge.file, line));
    const many = lines.map((own, at) => ({ id: 9000 + at, parentId: 1, frames: [begin, own] }));
    expect(explain(transactions, many).finding?.creator?.function).toBe(begin.function);
    expect(explain(transactions, many).finding?.evidence.at(-1)?.text).toMatch(
      /billing\.go:1\) 33 %/,
    );
    const orphan = [{ id: 9001, parentId: 9000, frames: [dial] }];
    expect(explain(bodies, orphan).finding?.creator?.function).toBe(dial.function);
    const circle = [{ id: 9001, parentId: 9001, frames: [dial] }];
    expect(explain(bodies, circle).finding?.creator?.function).toBe(dial.function);
  });
});
