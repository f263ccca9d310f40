/**
 * A task waits for a value from a channel or a queue into which nobody puts one any more, and which
 * nobody closes.
 *
 * Looks alike: an idle worker. As many as were started stay, and no more come.
 */
import type { Rule } from "../rule.ts";
import {
  atAwait,
  creatorOf,
  hasWord,
  taskEvidence,
  waitingWords,
  waitsInFlow,
  wakerWords,
} from "./task-words.ts";

const RECEIVING: readonly string[] = [
  "receive",
  "recv",
  "take",
  "dequeue",
  "next",
  "pull",
  "pop",
  "shift",
  "consume",
];
const QUEUES: readonly string[] = [
  "queue",
  "channel",
  "takers",
  "receivers",
  "consumers",
  "mailbox",
  "inbox",
];

export const channelReceive: Rule = {
  cause: "channel-receive",
  fix: {
    summary:
      "Close the channel when the last sender is done, in finally, so that its readers end; or receive under a signal.",
    example: `// before
for (const line of lines) await channel.send(line); // the reader waits for one more, for ever

// after
try {
  for (const line of lines) await channel.send(line);
} finally {
  channel.close();
}`,
  },
  match(view) {
    if (view.siteIndex < 0 || view.group.state !== "await") return undefined;
    const waker = wakerWords(view);
    // A select of flow leaves no frame of its own; what holds it are the channels' queues of waiters.
    const isSelect = waker.has("waiter") && waker.has("queue");
    const isQueue = hasWord(waitingWords(view), RECEIVING) && hasWord(waker, QUEUES);
    if (!waitsInFlow(view) && !isSelect && !isQueue) return undefined;
    return {
      title: "A task receives from a channel that nobody sends to or closes",
      patience: "may-idle",
      creator: creatorOf(view),
      evidence: taskEvidence(view, `The receive ${atAwait(view)} waits for a sender.`),
    };
  },
};
