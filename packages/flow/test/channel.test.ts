import { expect, expectTypeOf, test } from "vitest";
import {
  Channel,
  listBlockedOperations,
  type Received,
  receiveFrom,
  RequestContext,
  select,
  sendTo,
} from "@watertight/flow";
import { FakeClock } from "./fake-clock.ts";

test("an unbuffered send meets its receive", async () => {
  const channel = new Channel<string>();
  const sent = channel.send("order 1");
  expect(channel.length).toBe(0);
  expect(await channel.receive()).toEqual({ ok: true, value: "order 1" });
  await sent;
});

test("values arrive in the order in which they were sent, through buffer and waiters alike", async () => {
  const channel = new Channel<number>({ capacity: 2 });
  const sends = [1, 2, 3, 4, 5].map((value) => channel.send(value));
  channel.close();
  const received: number[] = [];
  for await (const value of channel) received.push(value);
  expect(received).toEqual([1, 2]);
  const outcomes = await Promise.allSettled(sends);
  expect(outcomes.map((outcome) => outcome.status)).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "rejected",
    "rejected",
  ]);
});

test("closing wakes receivers, refuses senders and can be done twice", async () => {
  const channel = new Channel<number>({ name: "results" });
  const waiting = channel.receive();
  channel.close();
  channel.close();
  expect(await waiting).toEqual({ ok: false, value: undefined });
  await expect(channel.send(1)).rejects.toMatchObject({ code: "WT_FLOW_CHANNEL_CLOSED" });
  expect(() => channel.trySend(1)).toThrow("The channel results is closed");
  expect(channel.tryReceive()).toEqual({ ok: false });
});

test("trySend and tryReceive never wait", () => {
  const channel = new Channel<number>({ capacity: 1 });
  expect(channel.tryReceive()).toBeUndefined();
  expect(channel.trySend(1)).toBe(true);
  expect(channel.trySend(2)).toBe(false);
  expect(channel.tryReceive()).toEqual({ ok: true, value: 1 });
});

test("an operation whose context ends leaves the queue, so that its value is never delivered", async () => {
  const channel = new Channel<string>();
  const context = RequestContext.start();
  const abandoned = channel.send("stale", { context });
  context.cancel();
  await expect(abandoned).rejects.toMatchObject({ code: "WT_FLOW_CANCELLED" });
  expect(channel.tryReceive()).toBeUndefined();
  expect(context.heldCount).toBe(0);
});

test("a waiting operation is listed with its channel's name and birthplace until it is done", async () => {
  const channel = new Channel<number>({ name: "jobs" });
  const sent = channel.send(1);
  const operation = listBlockedOperations().find((each) => each.channel === channel);
  expect(operation).toMatchObject({ kind: "send", channel: { name: "jobs" } });
  expect(operation?.channel.site).toMatch(/channel\.test\.ts:\d+:\d+$/);
  await channel.receive();
  await sent;
  expect(listBlockedOperations().filter((each) => each.channel === channel)).toEqual([]);
});

test("a capacity that is no whole number, or out of bounds, is refused", () => {
  for (const capacity of [-1, 1.5, Number.NaN, Infinity]) {
    expect(() => new Channel({ capacity })).toThrow("whole number from 0 to 1,048,576");
  }
});

test("select does exactly one case, and withdraws the others", async () => {
  const orders = new Channel<number>();
  const refunds = new Channel<string>();
  const selected = select([receiveFrom(orders), receiveFrom(refunds)]);
  await refunds.send("refund 1");
  expect(await selected).toEqual({ ok: true, value: "refund 1" });
  expect(orders.trySend(1)).toBe(false);
});

test("select takes its default when nothing is ready, and a ready case before its default", async () => {
  const channel = new Channel<number>({ capacity: 1 });
  expect(await select([receiveFrom(channel)], { default: () => "idle" })).toBe("idle");
  expect(await select([sendTo(channel, 1)], { default: () => "full" })).toBe(true);
  expect(await select([sendTo(channel, 2)], { default: () => "full" })).toBe("full");
});

test("select gives up at its timeout, and when its context ends, leaving nothing behind", async () => {
  const clock = new FakeClock();
  const channel = new Channel<number>();
  const timed = select([receiveFrom(channel)], { timeoutMs: 20, clock });
  clock.advance(20);
  await expect(timed).rejects.toMatchObject({ code: "WT_FLOW_TIMEOUT" });
  const context = RequestContext.start();
  const cancelled = select([receiveFrom(channel)], { context, timeoutMs: 20, clock });
  context.cancel();
  await expect(cancelled).rejects.toMatchObject({ code: "WT_FLOW_CANCELLED" });
  expect(channel.trySend(1)).toBe(false);
  expect(clock.pending).toBe(0);
  expect(context.heldCount).toBe(0);
});

test("a select that waits to send is refused when the channel closes", async () => {
  const channel = new Channel<number>();
  const selected = select([sendTo(channel, 1)]);
  channel.close();
  await expect(selected).rejects.toMatchObject({ code: "WT_FLOW_CHANNEL_CLOSED" });
});

test("among ready cases none starves", async () => {
  const left = new Channel<string>({ capacity: 1000 });
  const right = new Channel<string>({ capacity: 1000 });
  for (let i = 0; i < 1000; i++) {
    left.trySend("left");
    right.trySend("right");
  }
  let leftCount = 0;
  for (let i = 0; i < 1000; i++) {
    const received = await select([receiveFrom(left), receiveFrom(right)]);
    if (received.value === "left") leftCount++;
  }
  expect(leftCount).toBeGreaterThan(350);
  expect(leftCount).toBeLessThan(650);
});

test("the result of a select is the union of what its cases yield", async () => {
  const numbers = new Channel<number>({ capacity: 1 });
  const words = new Channel<string>();
  numbers.trySend(1);
  const result = await select([receiveFrom(numbers), sendTo(words, "x", () => "sent" as const)], {
    default: () => undefined,
  });
  expectTypeOf(result).toEqualTypeOf<Received<number> | "sent" | undefined>();
  // @ts-expect-error a channel of strings takes no number
  sendTo(words, 1);
});
