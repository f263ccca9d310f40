/** The verdict on one track whose members are known by id, in at least three captures. */
import type { Growth } from "@watertight/finding";
import { formatCount } from "@watertight/finding";
import type { ComparableSeries, MemberTrack } from "./collect-series.ts";
import { sum, type MemberLedger } from "./member-ledger.ts";
import type { Attachment, LoadSeries, SeriesVerdict } from "./series-view.ts";
import { isSlowingDown, type ArrivalHistory } from "./slowing-down.ts";
import { binomialAtLeast } from "./tail-probability.ts";
import type { ArrivalBalance } from "./weigh-arrivals.ts";

/** Everything that a verdict is made from. */
export interface MemberCase {
  readonly track: MemberTrack;
  readonly ledger: MemberLedger;
  readonly balance: ArrivalBalance;
  /** Whether the balance stands out among all tracks of the series (false-discovery control). */
  readonly isSignificant: boolean;
  readonly series: ComparableSeries;
  readonly load: LoadSeries;
  /** What the members belong to. */
  readonly attachment: Attachment | undefined;
}

export interface Judgement {
  readonly verdict: SeriesVerdict;
  readonly reason: string;
}

/** Fewer members more than this are no growth, whatever their significance. */
const ARRIVALS_MIN = 5;

/** Judges one case. The order is that of the questions an engineer would ask. */
export function judgeMembers(subject: MemberCase): Judgement {
  const { track, balance, isSignificant } = subject;
  if ((track.counts.at(-1) as number) === 0) return gone(subject);
  if (balance.staying === "none") return judgeTurnover(subject);
  const net = sum(balance.arrivals) - balance.departures;
  if (isSignificant && net >= ARRIVALS_MIN) return judgeArrivals(subject);
  const leaving = binomialAtLeast(
    balance.departures,
    balance.departures + sum(balance.arrivals),
    0.5,
  );
  if (balance.departures >= ARRIVALS_MIN && leaving < 0.01)
    return judge(
      "draining",
      `${quote(balance.departures, "left")}, ${sum(balance.arrivals)} came`,
      subject,
    );
  const isCoreSmall = balance.staying === "aged" && subject.ledger.turnover.survivors < 0.5;
  if (isCoreSmall) return judgeTurnover(subject);
  if (sum(balance.arrivals) >= ARRIVALS_MIN && isSlowingDown(readHistory(subject)))
    return judge("warming-up", `${sum(balance.arrivals)} came and stay, but ever fewer`, subject);
  return judge(
    "persisting",
    `the same members stay (${percent(subject.ledger.turnover.survivors)} of the first capture's are in the last) and ${formatCount(sum(balance.arrivals))} came`,
    subject,
  );
}

function judgeArrivals(subject: MemberCase): Judgement {
  const { ledger, balance, attachment } = subject;
  const came = sum(balance.arrivals);
  if (attachment !== undefined)
    return judge("load-following", `${came} came and stay, and ${BELONGS[attachment]}`, subject);
  if (isSlowingDown(readHistory(subject)))
    return judge("warming-up", `${came} came and stay, but ever fewer`, subject);
  const steps = ledger.joined.filter((joined) => joined > 0).length;
  const largest = Math.max(...ledger.joined);
  if (steps < 2 || largest > 0.95 * sum(ledger.joined))
    return judge("persisting", `${came} came in one step and stay`, subject);
  const who =
    balance.staying === "all" ? "members" : "members that were seen at two captures in a row";
  return judge(
    "growing",
    `${formatCount(came)} ${who} came, in ${steps} of ${ledger.joined.length} intervals, and ${formatCount(balance.departures)} left`,
    subject,
  );
}

function readHistory({ track, balance: { arrivals }, series }: MemberCase): ArrivalHistory {
  const last = series.captures.at(-1);
  return {
    ids: track.ids.at(-1) ?? new Float64Array(0),
    ...(isNode(series) ? {} : { newestId: last?.ids.at(-1) ?? Number.NaN }),
    arrivals,
    exposure: readExposure(series).slice(-arrivals.length),
  };
}

const BELONGS: Readonly<Record<Attachment, string>> = {
  "own-connection": "each serves a connection that is open",
  "client-waits": "each serves a client that is still connected",
  "serving-parent": "each was started by a goroutine that still serves a connection",
  "moves-along": "the count moves with the open connections",
};

function judgeTurnover(subject: MemberCase): Judgement {
  const { track, ledger } = subject;
  const first = track.counts[0] as number;
  const last = track.counts.at(-1) as number;
  const replaced = `${percent(ledger.turnover.rate)} of the members are replaced between captures`;
  const strides = (last - first) / Math.sqrt(Math.max(1, last + first));
  if (strides >= 3 && last - first >= ARRIVALS_MIN)
    return judge("load-following", `more are at work, but ${replaced}`, subject);
  if (strides <= -3) return judge("draining", `fewer are at work, and ${replaced}`, subject);
  return judge("steady", replaced, subject);
}

function gone(subject: MemberCase): Judgement {
  const peak = Math.max(...subject.track.counts);
  return peak < ARRIVALS_MIN
    ? judge("steady", "none is left", subject)
    : judge("draining", "none is left", subject);
}

function judge(verdict: SeriesVerdict, why: string, { track, series }: MemberCase): Judgement {
  return { verdict, reason: `${describeCounts(track.counts, nounOf(series))}: ${why}.` };
}

/** What the members of a series are called. */
function nounOf(series: ComparableSeries): string {
  return isNode(series) ? "tasks" : "goroutines";
}

function isNode({ captures }: ComparableSeries): boolean {
  return captures.at(-1)?.dump.runtime === "node";
}

/** `12 → 20 → 31 goroutines in 3 captures`; long series show first, middle and last. */
export function describeCounts(counts: ArrayLike<number>, noun = "goroutines"): string {
  const all = Array.from(counts);
  const shown =
    all.length <= 6 ? all : [all[0], all[Math.floor(all.length / 2)], all.at(-1)].map(Number);
  const path = shown.map((count) => formatCount(count ?? 0)).join(" → ");
  return `${path} ${noun} in ${all.length} captures`;
}

function quote(count: number, verb: string): string {
  return `${formatCount(count)} ${verb}`;
}

/** `0.984` is `98 %`. */
export function percent(share: number): string {
  return `${formatCount(Math.round(share * 100))} %`;
}

/** Work per interval: goroutines that the process started (Node: requests), or, where that is nothing, milliseconds. */
function readExposure(series: ComparableSeries): number[] {
  const { captures } = series;
  if (isNode(series)) return readRequests(series) ?? readSpans(series);
  const byIds = captures.slice(1).map(({ ids }, j) => {
    const before = captures[j]?.ids.at(-1) ?? 0;
    return Math.max(0, (ids.at(-1) ?? 0) - before);
  });
  return sum(byIds) >= 100 ? byIds : readSpans(series);
}

/** Requests served per interval; undefined without a counter, or where none was served. */
function readRequests({ captures }: ComparableSeries): number[] | undefined {
  const served = captures.flatMap(({ requestsServed }) => requestsServed ?? []);
  const steps = served.slice(1).map((count, j) => Math.max(0, count - (served[j] as number)));
  return served.length === captures.length && sum(steps) > 0 ? steps : undefined;
}

function readSpans({ captures }: ComparableSeries): number[] {
  return captures.slice(1).map(({ atMs }, j) => atMs - (captures[j]?.atMs ?? atMs));
}

/** Rates of the members that stay: what a leak adds, without the work in flight. */
export function measureGrowth(subject: MemberCase): Growth {
  const { balance, series } = subject;
  const { captures } = series;
  const first = captures[0];
  const last = balance.staying === "aged" ? captures.at(-2) : captures.at(-1);
  const hours = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 3_600_000;
  const net =
    balance.staying === "none"
      ? (subject.track.counts.at(-1) as number) - (subject.track.counts[0] as number)
      : sum(balance.arrivals) - balance.departures;
  const requests = (last?.requestsServed ?? Number.NaN) - (first?.requestsServed ?? Number.NaN);
  return {
    perHour: hours > 0 ? net / hours : 0,
    pValue: balance.pValue,
    captures: captures.length,
    ...(requests > 0 ? { perRequest: net / requests } : {}),
  };
}
