/**
 * An async function waits for a promise that nothing settles: a callback that is not called on one path, a
 * resolver that was dropped or overwritten, a signal that came before anybody listened.
 *
 * Looks alike: a long wait for something that does come. Its tasks turn over from capture to capture.
 */
import type { Rule } from "../rule.ts";
import { atAwait, creatorOf, taskEvidence } from "./task-words.ts";

export const promisePending: Rule = {
  cause: "promise-pending",
  fix: {
    summary:
      "Settle the promise on every path, errors and time-outs included, or give the wait a time limit.",
    example: `// before
const reply = await new Promise<Reply>((resolve) => pending.set(id, resolve)); // id may never come

// after
const { promise, resolve, reject } = Promise.withResolvers<Reply>();
pending.set(id, resolve);
const timer = setTimeout(() => reject(new Error(\`no reply to \${id}\`)), 10_000);
const reply = await promise.finally(() => {
  clearTimeout(timer);
  pending.delete(id);
});`,
  },
  match(view, dump) {
    // Node's own tasks belong to one of the service's, which is judged itself.
    if (view.group.frames.every((frame) => dump.origins.of(frame) === "runtime")) return undefined;
    const isStuck = view.group.leaked > 0;
    return {
      title: isStuck
        ? "An async function waits for a promise that can never settle"
        : "An async function waits for a promise that nobody settles",
      patience: "may-idle",
      certaintyMax: isStuck ? "proven" : "likely",
      creator: creatorOf(view),
      evidence: taskEvidence(view, `The tasks are suspended ${atAwait(view)}.`),
    };
  },
};
