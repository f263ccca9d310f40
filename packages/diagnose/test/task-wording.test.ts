/** What a report says of tasks that wait, as somebody reads it at night. */
import type { Finding } from "@watertight/finding";
import { describe, expect, test } from "vitest";
import { diagnose } from "../src/index.ts";
import { capture, ids, tasks, type TaskSketch } from "./suspended-tasks.ts";

/** Five captures a minute apart in which the same tasks stay and ten more come each time. */
function growing(sketch: Omit<TaskSketch, "ids">): readonly Finding[] {
  const series = [0, 1, 2, 3, 4].map((minute) =>
    capture(minute, [tasks({ ...sketch, ids: ids(10 + minute * 10) })]),
  );
  return diagnose(series).findings;
}

describe("what is said of a wait", () => {
  const said = (sketch: Omit<TaskSketch, "ids">): string =>
    growing(sketch)
      .map(({ title, evidence }) => `${title}\n${evidence.map(({ text }) => text).join("\n")}`)
      .join("\n");

  test("is a queue where a program has one, and a channel where flow's is used", () => {
    const queue = said({
      stack: ["put:10", "request:36"],
      waker: "BoundedQueue.#putters > Array[0]",
    });
    expect(queue).toContain("A task waits for a queue that nobody takes from");
    const flow = "/app/node_modules/@watertight/flow/dist/channel.js";
    expect(said({ stack: [`send@${flow}:78`, "run:12"] })).toContain("sends to a channel");
  });

  test("names nobody who could wake what nobody can", () => {
    const stack = ["reply:12", "handle:30"];
    const waker = "Map.table > Object.resolve";
    expect(said({ stack, waker })).toContain("Only this could wake them");
    expect(said({ stack, waker, leaked: 50 })).not.toContain("Only this could wake them");
  });

  test("is the request, where more is known of it than that it was a GET", () => {
    const stack = ["reply:12", "handle:30"];
    expect(said({ stack, labels: { method: "GET" } })).not.toContain("They belong to");
    const labels = { method: "GET", path: "/orders" };
    expect(said({ stack, labels })).toContain("They belong to method GET, path /orders.");
  });

  test("is a pool's, where one gives resources out", () => {
    const pooled = said({
      stack: ["query:6", "request:40"],
      waker: "Store.pool > Pool.waiters > Array[2]",
    });
    expect(pooled).toContain("What was taken from a pool is never given back");
    expect(pooled).toContain("tasks queue for a resource of a pool at query");
  });
});
