/**
 * From "these tasks fit a cause" to "this is a leak", for Node. A suspended function carries no age and nobody
 * knows who called it, so what decides is, strongest first: the proof that it can never wake, growth
 * over a series, work that goes on although nobody wants it any more, and a lock whose queue stands still.
 */
import type { Certainty } from "@watertight/finding";
import type { Case, Verdict } from "../judge.ts";
import { tallyOf } from "./merge-requests.ts";

/** A handler notices within this time that its client has left, seconds. */
const ABORTED_SECONDS_MIN = 10;

/** A lock whose queue has not moved for this long stands still, milliseconds. */
const FROZEN_MS_MIN = 10_000;

/** Judges the tasks of one await stack; undefined means that they are no finding. */
export function judgeTask(subject: Case): Verdict | undefined {
  if (subject.match.benign !== undefined) return undefined;
  return (
    judgeProven(subject) ??
    judgeGrowth(subject) ??
    judgeUnwanted(subject) ??
    judgeFrozen(subject) ??
    judgeSingle(subject)
  );
}

function judgeProven({ view, leaked }: Case): Verdict | undefined {
  if (leaked === 0 || (view.isMain && leaked === 1)) return undefined;
  const { count } = view.group;
  return {
    certainty: "proven",
    confidence: 0.99,
    evidence: [
      {
        text: `It is proven for ${leaked} of ${count}: nothing that is alive in the process can settle the promise that they wait for.`,
      },
    ],
  };
}

function judgeGrowth({ series, match }: Case): Verdict | undefined {
  if (series?.verdict !== "growing") return undefined;
  return {
    certainty: limit("likely", match.certaintyMax),
    confidence: 0.93,
    evidence: [{ text: series.reason }],
  };
}

/** Whoever wanted the work has left or has said stop, and it goes on. */
function judgeUnwanted({ view, match, series, thresholds }: Case): Verdict | undefined {
  const { unwanted, abortedSecondsMax, wanted } = tallyOf(view.group);
  if (unwanted < thresholds.strandedMin || wanted > unwanted) return undefined;
  const isLong = abortedSecondsMax >= ABORTED_SECONDS_MIN;
  if (!isLong && series?.verdict !== "persisting") return undefined;
  const since = isLong ? `, the first of them ${abortedSecondsMax} seconds ago` : "";
  return {
    certainty: limit("likely", match.certaintyMax),
    confidence: 0.85,
    evidence: [
      { text: `${unwanted} of ${view.group.count} go on although they were told to stop${since}.` },
    ],
  };
}

/** The same tasks queue for a lock, or wait for room, in every capture. */
function judgeFrozen({ view, match, series, thresholds, spanMs }: Case): Verdict | undefined {
  if (series?.verdict !== "persisting" || match.patience !== "never-idle") return undefined;
  if (view.group.count < thresholds.strandedMin || (spanMs ?? 0) < FROZEN_MS_MIN) return undefined;
  return {
    certainty: limit("likely", match.certaintyMax),
    confidence: 0.85,
    evidence: [{ text: series.reason }],
  };
}

/** By the rule's own account one capture is enough. */
function judgeSingle({ view, match, series }: Case): Verdict | undefined {
  if (series !== undefined && series.verdict !== "too-few-captures") return undefined;
  if (match.patience !== "forgotten" || view.group.count < (match.countMin ?? 1)) return undefined;
  return { certainty: limit("suspect", match.certaintyMax), confidence: 0.7, evidence: [] };
}

const CERTAINTIES: readonly Certainty[] = ["suspect", "likely", "proven"];

function limit(certainty: Certainty, max: Certainty | undefined): Certainty {
  if (max === undefined) return certainty;
  return CERTAINTIES.indexOf(certainty) <= CERTAINTIES.indexOf(max) ? certainty : max;
}
