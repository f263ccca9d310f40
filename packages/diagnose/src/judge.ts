/**
 * From "this group fits a cause" to "this is a leak". A signature alone is no proof: a busy pool, a long poll and a
 * leak wait in the same way. What decides, strongest first: the runtime's own mark, a wait that cannot end,
 * growth over a series, and in a single capture whether the goroutines were left behind, how old they are and how many.
 */
import type { Certainty, Evidence } from "@watertight/finding";
import type { RuleMatch } from "./rules/rule.ts";
import type { MemberSeries } from "./series/series-view.ts";
import type { Thresholds } from "./thresholds.ts";
import type { GroupView } from "./view/group-view.ts";
import type { LostClients } from "./view/lost-client.ts";
import type { GroupStanding } from "./view/standing.ts";

/** What is known about one matched group. */
export interface Case {
  readonly view: GroupView;
  readonly match: RuleMatch;
  readonly standing: GroupStanding;
  /** Members that the runtime's leak profile names. */
  readonly leaked: number;
  readonly series: MemberSeries | undefined;
  readonly thresholds: Thresholds;
  /** Time between the first and the last capture of the series. */
  readonly spanMs?: number;
}

export interface Verdict {
  readonly certainty: Certainty;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
}

/** A handler that ends soon after its client has left never shows so many for each that has one. */
const LOST_PER_ATTENDED_MIN = 8;

/** Fewer arrivals over a series are none. */
const ARRIVALS_MIN = 5;

/** More of a group's members than this are replaced in an interval: they are not frozen. */
const FROZEN_RATE_MAX = 0.1;

const CERTAINTIES: readonly Certainty[] = ["suspect", "likely", "proven"];

/** Judges a case; undefined means that it is no finding. */
export function judge(subject: Case): Verdict | undefined {
  if (subject.match.benign !== undefined) return undefined;
  return (
    judgeMarked(subject) ?? judgeEndless(subject) ?? judgeSeries(subject) ?? judgeOnce(subject)
  );
}

/** Where nothing should be left, everything of the service's own that waits is one too many. */
export function judgeLeftover({ view, match }: Case): Verdict | undefined {
  const isOwn = view.siteIndex >= 0 || match.site !== undefined;
  if (view.isMain || !isOwn || view.isIdleConnection) return undefined;
  return suspect(match, 0.7, [
    { text: "The program was expected to have nothing left that waits." },
  ]);
}

function judgeMarked({ view, leaked }: Case): Verdict | undefined {
  if (leaked === 0) return undefined;
  return {
    certainty: "proven",
    confidence: 0.99,
    evidence: [
      {
        text: `The runtime's leak profile names ${leaked} of ${view.group.count}: nothing reachable can ever wake them.`,
      },
    ],
  };
}

/** By construction it cannot end. One alone may be parked on purpose: a server's way to go on. */
function judgeEndless({ view, match }: Case): Verdict | undefined {
  if (match.patience !== "never-ends") return undefined;
  const isParked = isParkingWait(view.wait) && (view.isMain || view.group.count < 2);
  if (isParked) return undefined;
  const certainty = match.certaintyMax ?? "likely";
  return { certainty, confidence: certainty === "proven" ? 0.98 : 0.9, evidence: [] };
}

function isParkingWait(wait: string): boolean {
  return wait === "select (no cases)" || wait === "chan receive (nil chan)";
}

function judgeSeries(subject: Case): Verdict | undefined {
  const { series, match, view, standing } = subject;
  if (series === undefined || view.isMain) return undefined;
  // More clients that stay connected are no leak.
  if (standing.hasConnection === true && match.patience === "may-idle") return undefined;
  // A series takes a handler that reads for one that took its client's connection over.
  const isContradicted =
    series.attachment === "own-connection" && standing.lostClients !== undefined;
  if (series.verdict === "growing" || (series.verdict === "load-following" && isContradicted)) {
    return {
      certainty: atMost("likely", match.certaintyMax),
      confidence: 0.93,
      evidence: [{ text: series.reason }],
    };
  }
  if (series.verdict === "persisting") return judgeFrozen(subject, series);
  return undefined;
}

/** The same goroutines in every capture: a deadlock or a pool. What they wait for, and for whom, tells. */
function judgeFrozen(subject: Case, series: MemberSeries): Verdict | undefined {
  const { match, standing, view, thresholds } = subject;
  if (keepsMoving(series)) return undefined;
  const isHeldUp = standing.standing === "serving" || standing.standing === "orphaned";
  const isWrongForLong =
    match.patience === "forgotten" ||
    (match.patience === "never-idle" && isHeldUp && series.attachment === undefined) ||
    (standing.lostClients !== undefined && view.group.count >= thresholds.strandedMin);
  if (!isWrongForLong || view.group.count < (match.countMin ?? Math.min(thresholds.strandedMin, 2)))
    return undefined;
  return {
    certainty: atMost("likely", match.certaintyMax),
    confidence: 0.85,
    evidence: [{ text: series.reason }],
  };
}

/** A kept-alive connection serves one request after the other: the same goroutine, at ever other stacks, is no deadlock. */
function keepsMoving({ turnover }: MemberSeries): boolean {
  return turnover !== undefined && turnover.moved > 0 && turnover.rate > FROZEN_RATE_MAX;
}

/** One capture. Ages speak first, then who was left behind, then sheer number. */
function judgeOnce(subject: Case): Verdict | undefined {
  if (subject.view.isMain || isAcquitted(subject.series)) return undefined;
  const aged = judgeAge(subject);
  // Nobody came while the series lasted: a pool, unless its members are old and spread.
  const { series, match } = subject;
  const came = series?.turnover?.joined ?? 0;
  const isStill =
    series?.verdict === "persisting" && match.patience === "may-idle" && came < ARRIVALS_MIN;
  return aged ?? (isStill ? undefined : judgeStanding(subject));
}

/** A series has seen it turn over, belong to a live client, or go. */
function isAcquitted(series: MemberSeries | undefined): boolean {
  return (
    series !== undefined && /^(?:steady|load-following|draining|warming-up)$/.test(series.verdict)
  );
}

function judgeAge({ view, match, standing, thresholds }: Case): Verdict | undefined {
  const { stamped, maxMinutes, minMinutes } = view.group.age;
  if (stamped === 0 || match.patience === "capacity") return undefined;
  const isLoose = standing.standing === "orphaned" || standing.standing === "serving";
  const isStranded =
    match.patience === "never-idle" && isLoose && maxMinutes >= thresholds.strandedMinutes;
  const isOrphaned =
    standing.standing === "orphaned" &&
    (match.patience !== "may-idle" || standing.timeline === "accumulated") &&
    maxMinutes >= thresholds.orphanMinutes &&
    view.group.count >= Math.min(thresholds.orphansMin, 3);
  if (!isStranded && !isOrphaned) return undefined;
  const span = minMinutes === maxMinutes ? `${maxMinutes}` : `${minMinutes} to ${maxMinutes}`;
  return {
    certainty: atMost("likely", match.certaintyMax),
    confidence: 0.85,
    evidence: [
      { text: `${stamped} of ${view.group.count} have waited for ${span} minutes at least.` },
    ],
  };
}

function judgeStanding(subject: Case): Verdict | undefined {
  const { view, match, standing, thresholds } = subject;
  const { count } = view.group;
  if (standing.lostClients !== undefined && match.patience !== "forgotten") {
    return judgeAbandoned(standing.lostClients, match, thresholds);
  }
  if (match.countMin !== undefined && count < match.countMin) return undefined;
  if (match.patience === "capacity" && match.countMin === undefined) return undefined;
  if (match.patience === "capacity") return suspect(match, 0.7, []);
  if (match.patience === "forgotten") return suspect(match, 0.85, []);
  if (standing.timeline === "recent" || isInOrder(subject)) return undefined;
  if (standing.standing === "orphaned") {
    const least = match.patience === "never-idle" ? thresholds.strandedMin : thresholds.orphansMin;
    if (count < least) return undefined;
    const confidence = Math.min(
      0.9,
      0.7 + 0.05 * Math.log2(count / least) + (standing.timeline === "accumulated" ? 0.1 : 0),
    );
    return suspect(match, confidence, describeLeftBehind(standing));
  }
  if (standing.standing === "unknown") return judgeMass(subject);
  if (match.patience !== "never-idle") return judgeCrowd(count, match, standing, thresholds);
  return judgeCrowd(count, match, standing, thresholds);
}

/** A full pool; and work that ends by itself, unless it goes back over the process's life or is very much. */
function isInOrder({ view, match, standing, thresholds }: Case): boolean {
  if (match.patience !== "may-idle") return false;
  const endsByItself = view.wait === "sleep" || view.wait === "IO wait";
  const isMuch = standing.timeline === "accumulated" || view.group.count >= thresholds.crowdMin;
  return standing.timeline === "full" || (endsByItself && !isMuch);
}

/**
 * Load that has just stopped leaves every handler without its client for a moment. When some at the same line
 * still have theirs, load goes on, and those without are the older ones: they outnumber them by far in a leak.
 */
function judgeAbandoned(
  { lost, attended }: LostClients,
  match: RuleMatch,
  { orphansMin }: Thresholds,
): Verdict | undefined {
  if (attended === 0 || lost < orphansMin || lost < attended * LOST_PER_ATTENDED_MIN) {
    return undefined;
  }
  return suspect(match, 0.7, [
    { text: `The clients of ${lost} of these handlers have left; ${attended} still wait.` },
  ]);
}

/** A format without ids and creators leaves only the number; where nobody parks on purpose a fifth of it will do. */
function judgeMass({ view, match, thresholds }: Case): Verdict | undefined {
  const least = match.patience === "never-idle" ? thresholds.massMin / 5 : thresholds.massMin;
  if (view.group.count < least || view.wait === "IO wait") return undefined;
  return suspect(match, 0.7, [
    { text: `${view.group.count} at one stack: no pool needs as many. This format says no more.` },
  ]);
}

/** Nobody was seen to leave them, but they go back over the whole life of the process, and they are many. */
function judgeCrowd(
  count: number,
  match: RuleMatch,
  standing: GroupStanding,
  thresholds: Thresholds,
): Verdict | undefined {
  if (standing.timeline !== "accumulated" || count < thresholds.crowdMin) return undefined;
  if (standing.standing !== "kept" && standing.standing !== "startup") return undefined;
  if (match.patience !== "never-idle") return undefined;
  return suspect(match, 0.65, [
    { text: "Their ids go back over the whole life of the process: they pile up." },
  ]);
}

function describeLeftBehind({ orphanedShare, timeline }: GroupStanding): readonly Evidence[] {
  const share = `${Math.round(orphanedShare * 100)} %`;
  const first = {
    text: `What started them has ended or moved on (${share} of those looked up): nothing in the dump waits for them.`,
  };
  if (timeline !== "accumulated") return [first];
  return [
    first,
    {
      text: "Their ids go back over the whole life of the process, while its other goroutines are young.",
    },
  ];
}

function suspect(match: RuleMatch, confidence: number, evidence: readonly Evidence[]): Verdict {
  const certainty = confidence >= 0.75 ? "likely" : "suspect";
  return { certainty: atMost(certainty, match.certaintyMax), confidence, evidence };
}

function atMost(certainty: Certainty, limit: Certainty | undefined): Certainty {
  if (limit === undefined) return certainty;
  return CERTAINTIES.indexOf(certainty) <= CERTAINTIES.indexOf(limit) ? certainty : limit;
}
