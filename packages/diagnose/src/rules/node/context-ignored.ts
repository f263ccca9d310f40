/**
 * Work goes on although its request is over: it was handed an `AbortSignal` that is aborted and does not
 * look at it, its client has left, or it asks another server without any limit.
 *
 * Looks alike: work that cleans up after an abort. It ends a moment later.
 */
import { tallyOf } from "../../node/merge-requests.ts";
import type { GroupView } from "../../view/group-view.ts";
import type { Rule } from "../rule.ts";
import { atAwait, creatorOf, hasWord, taskEvidence, wakerWords } from "./task-words.ts";

const fix: Rule["fix"] = {
  summary:
    "Pass the request's signal on to everything that it starts, and give requests to other servers a time limit.",
  example: `// before
const answer = await fetch(url); // goes on when the client has left

// after
const signal = AbortSignal.any([request.signal, AbortSignal.timeout(5000)]);
const answer = await fetch(url, { signal });`,
};

export const contextIgnored: Rule = {
  cause: "context-ignored",
  fix,
  match(view) {
    const { unwanted, abortedSecondsMax } = tallyOf(view.group);
    if (view.siteIndex < 0 || unwanted * 2 <= view.group.count) return undefined;
    const told =
      abortedSecondsMax > 0
        ? `Their clients left up to ${abortedSecondsMax} seconds ago.`
        : "They hold an AbortSignal that is aborted.";
    const evidence = taskEvidence(view, `The tasks are suspended ${atAwait(view)}.`);
    return {
      title: "Work goes on after its request was aborted",
      patience: "may-idle",
      creator: creatorOf(view),
      evidence: [...evidence.slice(0, 1), { text: told }, ...evidence.slice(1)],
    };
  },
};

/** A request to another server, or another wait for the network, that nothing limits. */
export const requestUnlimited: Rule = {
  cause: "context-ignored",
  fix,
  match(view) {
    if (view.siteIndex < 0 || view.group.state !== "await" || !waitsForNetwork(view))
      return undefined;
    return {
      title: "A wait for another server is never given up",
      patience: "may-idle",
      creator: creatorOf(view),
      evidence: taskEvidence(view, `The tasks wait for an answer ${atAwait(view)}.`),
    };
  },
};

const NETWORK: readonly string[] = ["tcp", "tls", "socket", "udp", "pipe", "http", "dns"];
/** Native objects that stand for a request or a connection; a module's holds its variables, whatever they are. */
const NATIVE = /\b(?!Module)\w*Wrap\b/;

function waitsForNetwork(view: GroupView): boolean {
  const { waker = "" } = view.group;
  if (/\bon(?:Connect|RequestStart)\b|processResponse|RequestHandler|ClientRequest/.test(waker))
    return true;
  return NATIVE.test(waker) || hasWord(wakerWords(view), NETWORK);
}
