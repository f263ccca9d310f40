/**
 * A task waits to hand a value to a channel or a queue that nobody takes from any more: the receiver returned
 * early, timed out, took one value of several, or died.
 *
 * Looks alike: a producer ahead of a slow consumer. Its wait ends, so its tasks turn over.
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

const SENDING: readonly string[] = ["send", "put", "enqueue", "offer", "push", "produce", "write"];
const QUEUES: readonly string[] = [
  "queue",
  "channel",
  "putters",
  "senders",
  "producers",
  "mailbox",
  "inbox",
];

export const channelSend: Rule = {
  cause: "channel-send",
  fix: {
    summary:
      "Give the channel room for every value that may come, send under a signal that ends with the receiver, and let a consumer outlive its errors.",
    example: `// before
const result = new Channel<Row[]>();
void query().then((rows) => result.send(rows)); // stays when the caller has given up

// after
const result = new Channel<Row[]>({ capacity: 1 });
void query().then((rows) => result.trySend(rows));`,
  },
  match(view) {
    if (view.siteIndex < 0 || view.group.state !== "await") return undefined;
    if (!hasWord(waitingWords(view), SENDING)) return undefined;
    if (!waitsInFlow(view) && !hasWord(wakerWords(view), QUEUES)) return undefined;
    const isChannel = waitsInFlow(view);
    return {
      title: isChannel
        ? "A task sends to a channel that nobody receives from"
        : "A task waits for a queue that nobody takes from",
      patience: "never-idle",
      creator: creatorOf(view),
      evidence: taskEvidence(
        view,
        isChannel
          ? `The send ${atAwait(view)} waits for a receiver.`
          : `What is handed over ${atAwait(view)} waits for whoever takes from the queue: is its consumer still at work?`,
      ),
    };
  },
};
