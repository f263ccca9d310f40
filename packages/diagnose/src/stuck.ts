/**
 * The last resort: a group that no other rule knows, and that grows all the same. It is named by its wait.
 */
import { channelReceive } from "./rules/channel-receive.ts";
import { channelSend } from "./rules/channel-send.ts";
import { cond } from "./rules/cond.ts";
import { connNoDeadline } from "./rules/conn-no-deadline.ts";
import { atSite, stackEvidence } from "./evidence.ts";
import { mutexHeld } from "./rules/mutex-held.ts";
import type { Rule, RuleMatch } from "./rules/rule.ts";
import { selectForever } from "./rules/select-forever.ts";
import { semaphore } from "./rules/semaphore.ts";
import { timerLoop } from "./rules/timer-loop.ts";
import { waitGroup } from "./rules/waitgroup.ts";
import type { GroupView } from "./view/group-view.ts";
import type { Wait } from "./view/wait.ts";

/** The rule whose cause and fix come closest, by wait. */
export const STUCK_CAUSES: ReadonlyMap<Wait, Rule> = new Map<Wait, Rule>([
  ["chan send", channelSend],
  ["chan receive", channelReceive],
  ["select", selectForever],
  ["sleep", timerLoop],
  ["IO wait", connNoDeadline],
  ["cond", cond],
  ["waitgroup", waitGroup],
  ["mutex", mutexHeld],
  ["rwmutex read", mutexHeld],
  ["rwmutex write", mutexHeld],
  ["semaphore", semaphore],
  ["hidden", channelReceive],
]);

/** Says what can be said of any waiting group; only growth makes a finding of it. */
export function describeStuck(view: GroupView): RuleMatch | undefined {
  if (view.isIdleConnection || view.functions.some((name) => CONNECTION_READERS.has(name)))
    return undefined;
  const isHidden = view.wait === "hidden";
  return {
    title: isHidden
      ? "Goroutines pile up at one line"
      : `Goroutines pile up in ${view.group.state || view.wait}`,
    patience: isHidden ? "may-idle" : "capacity",
    certaintyMax: isHidden ? "suspect" : "likely",
    evidence: [
      stackEvidence(
        view,
        isHidden
          ? `They are ${atSite(view)}. This format does not say what they wait for; a channel is the most likely.`
          : `They wait (${view.group.state || view.wait}) ${atSite(view)}.`,
      ),
    ],
  };
}

/** One for each client that is connected, or for each connection whose other half has its own rule. */
const CONNECTION_READERS: ReadonlySet<string> = new Set([
  "net/http.(*connReader).backgroundRead",
  "net/http.(*persistConn).writeLoop",
  "net/http.(*persistConn).readLoop",
]);
