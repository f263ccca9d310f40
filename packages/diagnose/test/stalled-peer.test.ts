import { decodeGoroutineText } from "@watertight/profile";
import { expect, test } from "vitest";
import { diagnose } from "../src/index.ts";

const SOURCE = `package chat

func (h *hub) run() {
	for {
		select {
		case c := <-h.leaving:
			close(c.outbox)
		case m := <-h.messages:
			for c := range h.clients {
				c.outbox <- m
			}
		}
	}
}

func (c *client) read() {
	c.hub.leaving <- c
}

func (c *client) write() {
	for m := range c.outbox {
		c.show(m)
	}
}

func (p *printer) run() {
	<-p.pages
	p.paper <- sheet
}
`;
const lineOf = (text: string): number =>
  SOURCE.split("\n").findIndex((line) => line.includes(text)) + 1;

const stuck = (id: number, state: string, name: string, line: number, by: string): string =>
  `goroutine ${id} [${state}]:
chat.test/chat.${name}(0xc000010000)
	/src/chat/chat.go:${line} +0x1d
created by chat.test/chat.${by} in goroutine ${id - 1}
	/src/chat/main.go:3 +0x1d
`;
const many = (member: (id: number) => string): string[] =>
  Array.from({ length: 60 }, (_, at) => member(at * 40 + 100));
const readers = many((id) =>
  stuck(id, "chan send", "(*client).read", lineOf("c.hub.leaving <-"), "serve"),
);
const writers = many((id) =>
  stuck(id + 10, "chan receive", "(*client).write", lineOf("range c.outbox"), "serve"),
);
const hub = stuck(20, "chan send", "(*hub).run", lineOf("c.outbox <- m"), "open");
const printer = stuck(22, "chan send", "(*printer).run", lineOf("p.paper <-"), "open");

function explain(stacks: readonly string[], hasSource = true) {
  const goroutines = decodeGoroutineText(new TextEncoder().encode(stacks.join("\n")));
  const readSource = (file: string): string | undefined =>
    file.endsWith("chat.go") ? SOURCE : undefined;
  return diagnose([{ atMs: 0, goroutines }], hasSource ? { readSource } : {}).findings;
}

test("the one that should serve a channel and is stuck itself is the cause; who queues for it are its effects", () => {
  const findings = explain([hub, printer, ...readers, ...writers]);
  const cause = findings.find(({ count }) => count === 1);
  expect(findings).toHaveLength(3);
  expect(cause?.site?.function).toBe("chat.test/chat.(*hub).run");
  expect(cause?.evidence.at(-1)?.text).toMatch(/^120 goroutines wait for it to serve/);
  const effects = findings.filter((finding) => finding !== cause);
  expect(new Set(cause?.effects)).toEqual(new Set(effects.map(({ id }) => id)));
  for (const { evidence } of effects) {
    expect(evidence.at(-1)?.text).toBe(
      "Who should serve them is stuck itself: chan send at chat.test/chat.(*hub).run (chat.go:10).",
    );
  }
});

test("a stuck goroutine that has nothing to do with the channel is not blamed", () => {
  expect(explain([printer, ...readers]).map(({ count }) => count)).toEqual([60]);
});

test("nobody is blamed where nothing leaks, or where there is no source", () => {
  expect(explain([hub, printer])).toEqual([]);
  expect(explain([hub, ...readers], false).map(({ count }) => count)).toEqual([60]);
});
