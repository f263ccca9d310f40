/**
 * Do members come faster than they go? In a population that only fluctuates,
 * each change is as likely an arrival as a departure. So the number of arrivals
 * among all changes is binomial with one half: an exact test that works from
 * three captures on, where a trend test has no power yet.
 *
 * Only members that have shown that they stay count. Work in flight at the same
 * stack would hide the leak, so where young members leave, a member counts from
 * the second capture that has seen it.
 */
import { sum, type MemberLedger } from "./member-ledger.ts";
import { binomialAtLeast } from "./tail-probability.ts";

/** What the moves of one track's members say. */
export interface ArrivalBalance {
  /** `all`: nobody leaves. `aged`: whoever was seen twice stays. `none`: members turn over. */
  readonly staying: "all" | "aged" | "none";
  /** Arrivals of staying members per interval, oldest first. */
  readonly arrivals: readonly number[];
  readonly departures: number;
  /** Probability of so many arrivals if the population only fluctuated; 1 when nothing moved. */
  readonly pValue: number;
}

/** Members that may leave, per member and interval, in a population that is said to stay. */
const LEAVING_SHARE_MAX = 0.02;
/** Below this many chances to leave, nobody leaving says nothing. */
const AGED_EXPOSURE_MIN = 8;

/** Weighs a ledger of at least three captures. */
export function weighArrivals(ledger: MemberLedger): ArrivalBalance {
  const left = sum(ledger.left);
  const exposure = ledger.turnover.rate === 0 ? 0 : left / ledger.turnover.rate;
  if (left <= exposure * LEAVING_SHARE_MAX) return balance("all", ledger.joined, left);
  const { agedExposure, agedLeft, settled } = ledger;
  if (agedExposure >= AGED_EXPOSURE_MIN && agedLeft <= agedExposure * LEAVING_SHARE_MAX)
    return balance("aged", settled, agedLeft);
  return balance("none", ledger.joined, left);
}

function balance(
  staying: ArrivalBalance["staying"],
  arrivals: readonly number[],
  departures: number,
): ArrivalBalance {
  const total = sum(arrivals);
  return {
    staying,
    arrivals,
    departures,
    pValue: binomialAtLeast(total, total + departures, 0.5),
  };
}
