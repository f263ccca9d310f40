import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getEventListeners } from "node:events";
import { expect, expectTypeOf, test } from "vitest";
import {
  createContextKey,
  createRequestContext,
  FlowError,
  RequestContext,
} from "@watertight/flow";
import { FakeClock } from "./fake-clock.ts";

test("a context ends at its deadline, with a cause that platform code recognises", () => {
  const clock = new FakeClock();
  const context = RequestContext.start({ timeoutMs: 50, name: "GET /orders", clock });
  clock.advance(49);
  expect(context.isDone).toBe(false);
  expect(context.remainingMs).toBe(1);
  clock.advance(1);
  expect(context.signal.aborted).toBe(true);
  expect(context.cause).toMatchObject({ code: "WT_FLOW_DEADLINE", name: "TimeoutError" });
  expect((context.cause as Error).message).toBe("GET /orders passed its deadline.");
});

test("a child ends with its parent, and a parent outlives its child", () => {
  const parent = RequestContext.start();
  const child = parent.child();
  const grandchild = child.child();
  child.cancel("client went away");
  expect(grandchild.isDone).toBe(true);
  expect(parent.isDone).toBe(false);
  expect((grandchild.cause as FlowError).cause).toBe("client went away");
});

test("a child of a context that has ended has ended too", () => {
  const parent = RequestContext.start();
  parent.cancel();
  expect(parent.child().signal.aborted).toBe(true);
});

test("a child cannot outlast its parent's deadline, and starts no timer for it", () => {
  const clock = new FakeClock();
  const parent = RequestContext.start({ timeoutMs: 10, clock });
  const child = parent.child({ timeoutMs: 1000 });
  expect(child.deadlineMs).toBe(10);
  expect(clock.pending).toBe(1);
  clock.advance(10);
  expect(child.cause).toBe(parent.cause);
});

test("ten thousand requests under one parent leave nothing on it", async () => {
  const clock = new FakeClock();
  const server = RequestContext.start({ clock });
  const shutdown = new AbortController();
  for (let request = 0; request < 10_000; request++) {
    using context = server.child({ timeoutMs: 1000, signal: shutdown.signal });
    await context.race(Promise.resolve(request));
  }
  expect(server.heldCount).toBe(0);
  expect(clock.pending).toBe(0);
  expect(getEventListeners(shutdown.signal, "abort")).toHaveLength(0);
});

test("a context that is cleaned up twice, or cancelled after, keeps its first cause", () => {
  const context = RequestContext.start();
  context.cancel("first");
  const { cause } = context;
  context.cleanup();
  context.cleanup();
  context.cancel("second");
  expect(context.cause).toBe(cause);
});

test("race gives what the work gives, and stops waiting when the context ends", async () => {
  const context = RequestContext.start();
  await expect(context.race(Promise.resolve(7))).resolves.toBe(7);
  await expect(context.race(Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  const waiting = context.race(new Promise(() => {}));
  context.cancel();
  await expect(waiting).rejects.toMatchObject({ code: "WT_FLOW_CANCELLED", name: "AbortError" });
});

test("work that fails after its race is over is not an unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  const context = RequestContext.start();
  const { promise, reject } = Promise.withResolvers();
  const raced = context.race(promise);
  context.cancel();
  await expect(raced).rejects.toThrow();
  reject(new Error("too late"));
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

test("sleep takes its time, and frees its timer when the context ends first", async () => {
  const clock = new FakeClock();
  const context = RequestContext.start({ clock });
  const slept = context.sleep(100);
  clock.advance(100);
  await slept;
  const cut = context.sleep(100);
  context.cancel();
  await expect(cut).rejects.toThrow();
  expect(clock.pending).toBe(0);
});

test("a value is seen by descendants only, and is typed by its key", () => {
  const userId = createContextKey<number>("user id");
  const root = RequestContext.start();
  const child = root.with(userId, 42).child();
  expect(child.value(userId)).toBe(42);
  expect(root.value(userId)).toBeUndefined();
  expectTypeOf(child.value(userId)).toEqualTypeOf<number | undefined>();
  // @ts-expect-error a key carries one type
  root.with(userId, "42");
});

test("a foreign signal that has already aborted ends the context at once", () => {
  const context = RequestContext.start({ signal: AbortSignal.abort("gone") });
  expect((context.cause as FlowError).cause).toBe("gone");
});

test("cleaning up a request scope closes the socket of a body that nobody read", async () => {
  const closed = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    response.on("close", () => closed.resolve());
    response.write("a beginning without an end");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { signal, cleanup } = createRequestContext();
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal });
  expect(response.ok).toBe(true);
  cleanup();
  cleanup();
  await closed.promise;
  server.close();
});
