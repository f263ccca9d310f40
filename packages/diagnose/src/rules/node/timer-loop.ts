/**
 * A loop around a sleep that is never left, started again and again.
 *
 * Looks alike: a refresher that is started once; a retry that pauses and goes on.
 */
import type { Rule } from "../rule.ts";
import { atAwait, creatorOf, taskEvidence } from "./task-words.ts";

const TIMER = /\b(?:Timeout|TimersList|Immediate|ImmediateList)\b/;

export const timerLoop: Rule = {
  cause: "timer-loop",
  fix: {
    summary: "Clear the timer in finally, and end a loop around a sleep with its request's signal.",
    example: `// before
const beat = setInterval(() => report(job), 1000);
await run(job);

// after
const beat = setInterval(() => report(job), 1000);
try {
  await run(job);
} finally {
  clearInterval(beat);
}`,
  },
  match(view) {
    if (view.siteIndex < 0 || !TIMER.test(view.group.waker ?? "")) return undefined;
    return {
      title: "A loop around a timer is never left",
      patience: "may-idle",
      creator: creatorOf(view),
      evidence: taskEvidence(view, `The tasks sleep ${atAwait(view)}, and more come.`),
    };
  },
};
