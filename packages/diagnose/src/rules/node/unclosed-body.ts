/**
 * The body of an answer is neither read nor cancelled. Its connection stays taken; where the number of
 * connections is limited, everybody queues for one.
 *
 * Looks alike: a pool under load, whose queue moves; a download that is being read.
 */
import type { CensusEntry } from "@watertight/profile";
import { tellCandidates } from "../../node/tell-candidates.ts";
import type { DumpView } from "../../view/dump-view.ts";
import type { GroupView } from "../../view/group-view.ts";
import type { Rule } from "../rule.ts";
import { atAwait, creatorOf, taskEvidence } from "./task-words.ts";

export const unclosedBody: Rule = {
  cause: "unclosed-body",
  fix: {
    summary:
      "Read every body to its end or cancel it, also when the status alone decides: body.cancel() with fetch, body.dump() with undici.request, resume() with node:http.",
    example: `// before
const response = await fetch(url);
if (!response.ok) return undefined; // the connection stays taken

// after
const response = await fetch(url);
if (!response.ok) {
  await response.body?.cancel();
  return undefined;
}`,
  },
  match(view, dump) {
    if (isUnreadFetch(view)) {
      const asked = listBodies(dump).find(({ name }) => name === "fetch");
      return {
        title: "Answers of fetch whose body nobody reads keep their connections",
        patience: "may-idle",
        site: asked?.place,
        creator: asked?.creator,
        evidence: [
          ...taskEvidence(
            view,
            "Each of these is the body of an answer that is parked between two parts: nobody asks for the next one.",
          ),
          ...(asked?.place === undefined ? tellCandidates(asked?.candidates ?? []) : []),
        ],
      };
    }
    if (!queuesForConnection(view) || countBodies(dump) === 0) return undefined;
    return {
      title: "Requests queue for connections that unread bodies keep",
      patience: "never-idle",
      creator: creatorOf(view),
      evidence: [
        ...taskEvidence(view, `The tasks wait for a free connection ${atAwait(view)}.`),
        { text: `${countBodies(dump)} answers have a body that is neither read nor cancelled.` },
      ],
    };
  },
};

/** The reader that fetch puts before a body: it is parked when nobody reads, and no function of the service is in it. */
function isUnreadFetch({ siteIndex, group }: GroupView): boolean {
  if (siteIndex >= 0 || group.state !== "yield") return false;
  return /\bFetch\.|Request\.<symbol handler>/.test(group.waker ?? "");
}

/** In undici a request waits in the queue of its pool until a connection is free. */
function queuesForConnection({ siteIndex, group }: GroupView): boolean {
  return siteIndex >= 0 && /\bFixed(?:CircularBuffer|Queue)\b.*handler/i.test(group.waker ?? "");
}

function countBodies(dump: DumpView): number {
  return listBodies(dump).reduce((sum, { count }) => sum + count, 0);
}

function listBodies({ dump }: DumpView): readonly CensusEntry[] {
  return dump.census?.entries.filter(({ kind }) => kind === "body") ?? [];
}
