import { decodeGoroutineText } from "@watertight/profile";
import { expect, test } from "vitest";
import { diagnose, type Observation } from "../src/index.ts";

const reader = (id: number): string => `goroutine ${id + 2} [IO wait]:
internal/poll.runtime_pollWait(0x7f, 0x72)
	/usr/local/go/src/runtime/netpoll.go:351 +0x85
net.(*conn).Read(0xc000010000)
	/usr/local/go/src/net/net.go:196 +0x45
chat.test/chat.(*peer).read(0xc000010000)
	/src/chat.go:67 +0x13
created by chat.test/chat.serve in goroutine ${id}
	/src/chat.go:111 +0x14
`;
const writer = (id: number, state: string): string => `goroutine ${id + 1} [${state}]:
chat.test/chat.(*peer).write(0xc000010000)
	/src/chat.go:${state === "select" ? 79 : 88} +0xfa
created by chat.test/chat.serve in goroutine ${id}
	/src/chat.go:110 +0x10
`;

/** Ever more websockets, one every forty ids; of their writers half are writing at the last capture. */
function observe(hasWriters: boolean): readonly Observation[] {
  return [20, 28, 36, 44].map((count, at) => {
    const stacks = Array.from({ length: count }, (_, peer) => {
      const id = 100 + peer * 40;
      const state = at === 3 && peer % 2 === 0 ? "runnable" : "select";
      return hasWriters ? `${reader(id)}\n${writer(id, state)}` : reader(id);
    });
    const goroutines = decodeGoroutineText(new TextEncoder().encode(stacks.join("\n")));
    return { atMs: at * 1000, goroutines };
  });
}

test("the reader of an open connection has its writer as kin, also while that is writing", () => {
  expect(diagnose(observe(true)).findings).toEqual([]);
});

test("readers without anybody beside them are connections that nobody gives up on", () => {
  expect(diagnose(observe(false)).findings.map(({ cause }) => cause)).toEqual(["conn-no-deadline"]);
});
