/** The rules for suspended tasks of Node, in the order in which they are asked; the first that fits names the cause. */
import type { Rule } from "../rule.ts";
import { channelReceive } from "./channel-receive.ts";
import { channelSend } from "./channel-send.ts";
import { contextIgnored, requestUnlimited } from "./context-ignored.ts";
import { iteratorAbandoned } from "./iterator-abandoned.ts";
import { lockHeld } from "./lock-held.ts";
import { promisePending } from "./promise-pending.ts";
import { streamStalled } from "./stream-stalled.ts";
import { timerLoop } from "./timer-loop.ts";
import { unclosedBody } from "./unclosed-body.ts";

/** First match wins; the last one takes whatever waits in the service's own code. */
export const NODE_RULES: readonly Rule[] = [
  iteratorAbandoned,
  unclosedBody,
  lockHeld,
  channelSend,
  channelReceive,
  contextIgnored,
  streamStalled,
  timerLoop,
  requestUnlimited,
  promisePending,
];
