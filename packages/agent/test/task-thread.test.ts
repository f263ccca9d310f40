import { collectGarbage } from "@watertight/capture/in-process";
import { expect, test } from "vitest";
import { TaskThread } from "../src/profiles/task-thread.ts";

test("an answer that was given is let go of, for as long as the thread lives", async () => {
  const thread = new TaskThread();
  const answers: WeakRef<object>[] = [];
  for (let asked = 0; asked < 3; asked++) {
    answers.push(new WeakRef(await thread.ask({ kind: "ready" })));
  }
  // What a promise was resolved with in this turn is held until the next one.
  await new Promise((resolve) => void setImmediate(resolve));
  collectGarbage();
  expect(answers.map((answer) => answer.deref())).toEqual([undefined, undefined, undefined]);
  await thread.close();
});

test("who asks a thread that has ended, or that ends, is told so", async () => {
  const thread = new TaskThread();
  await thread.ask({ kind: "ready" });
  await thread.close();
  expect(thread.hasEnded).toBe(true);
  expect(await thread.ask({ kind: "ready" })).toMatchObject({
    kind: "problem",
    code: "WT_AGENT_FAILED",
  });
});
