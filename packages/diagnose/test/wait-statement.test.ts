import { decodeGoroutineText } from "@watertight/profile";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diagnose } from "../src/index.ts";
import { readWaitStatement } from "../src/source/wait-statement.ts";

const SOURCE = `package jobs

import "time"

type poller struct {
	beat  *time.Ticker
	quiet *time.Timer
	stop  chan struct{}
	ticks <-chan time.Time
	ctx   context.Context
}

func (p *poller) run(in chan string) {
	for {
		select { // case <-p.never: a comment is no case
		case v, ok := <-in:
			select {
			case <-p.inner:
			}
		case <-p.beat.C:
			println("}")
		case <-p.ctx.Done():
			return
		case p.out <- 1:
		}
	}
}

func (p *poller) rest() {
	<-p.quiet.C
	for range p.ticks {
	}
	for range time.Tick(time.Second) {
	}
	<-time.After(p.every())
	done := p.ctx.Done()
	if v := <-done; v {
	}
	v := <-p.stop
	p.out <- <-p.stop
	select {
	case <-time.After(time.Until(at)):
	case p.out <- 2:
	}
	t := time.NewTimer(d)
	go func() {
		<-t.C
	}()
	for job := range jobs {
	}
}
`;

const lineOf = (text: string): number =>
  SOURCE.split("\n").findIndex((line) => line.includes(text)) + 1;
const read = (text: string, name: string): string =>
  readWaitStatement(SOURCE, lineOf(text), name)
    .map(({ expression, kind }) => `${expression} ${kind}`)
    .join(" | ");

test("a select waits for the channels of its own cases, not for those in comments, inner selects and sends", () => {
  expect(read("select { // case", "x/jobs.(*poller).run")).toBe(
    "in other | p.beat.C ticker | p.ctx.Done() done",
  );
});

test.each([
  ["<-p.quiet.C", "p.quiet.C timer"],
  ["range p.ticks", "p.ticks ticker"],
  ["range time.Tick", "time.Tick(time.Second) ticker"],
  ["<-time.After(p.every", "time.After(p.every()) timer"],
  ["if v := <-done", "done done"],
  ["v := <-p.stop", "p.stop other"],
  ["p.out <- <-p.stop", "p.stop other"],
  ["<-t.C", "t.C timer"],
  ["range jobs", "jobs other"],
])("%s waits for %s", (text, awaited) => {
  expect(read(text, "x/jobs.(*poller).rest.func1")).toBe(awaited);
});

test("a line that is in another function than the frame says is of another version of the file", () => {
  expect(read("<-p.quiet.C", "x/jobs.(*poller).run")).toBe("");
  expect(readWaitStatement(SOURCE, 10_000, "x/jobs.(*poller).run")).toEqual([]);
  expect(readWaitStatement(SOURCE, 0, "x/jobs.(*poller).run")).toEqual([]);
});

test("any text is read to an end", () => {
  const pieces = fc.constantFrom(
    "select {",
    "case <-",
    "}",
    "{",
    "<-",
    "range ",
    "func f() {",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string())), fc.nat(20), (parts, line) => {
      expect(Array.isArray(readWaitStatement(parts.join(""), line, "main.f"))).toBe(true);
    }),
  );
});

describe("a loop that requests leave behind", () => {
  const dumpOf = (line: number): string =>
    Array.from(
      { length: 60 },
      (_, at) => `goroutine ${at * 40 + 100} [select]:
example.com/jobs.(*poller).rest(0xc000010000)
	/src/jobs/poller.go:${line} +0x1d
created by example.com/jobs.start in goroutine ${at * 40 + 99}
	/src/jobs/poller.go:3 +0x1d
`,
    ).join("\n");
  const causeAt = (text: string, readSource?: (file: string) => string | undefined) => {
    const goroutines = decodeGoroutineText(new TextEncoder().encode(dumpOf(lineOf(text))));
    const options = readSource === undefined ? {} : { readSource };
    return diagnose([{ atMs: 0, goroutines }], options).findings.map(({ cause }) => cause);
  };

  test("is named by the channel that its source waits for", () => {
    const asked: string[] = [];
    const readSource = (file: string): string => {
      asked.push(file);
      return SOURCE;
    };
    expect(causeAt("case <-time.After(time.Until", readSource)).toEqual(["timer-loop"]);
    expect(causeAt("range p.ticks", readSource)).toEqual(["ticker-loop"]);
    expect(causeAt("if v := <-done", readSource)).toEqual(["context-not-cancelled"]);
    expect(new Set(asked)).toEqual(new Set(["/src/jobs/poller.go"]));
  });

  test("is named by its wait where the source is not at hand, or is another version", () => {
    expect(causeAt("range p.ticks")).toEqual(["select-forever"]);
    expect(causeAt("range p.ticks", () => undefined)).toEqual(["select-forever"]);
    expect(causeAt("range p.ticks", () => "package other\n")).toEqual(["select-forever"]);
  });
});
