/** Step four for memory: do the bytes at the leak's site still rise as they did? */
import { formatBytes, formatDuration } from "@watertight/finding";
import type { Observation } from "../observation.ts";
import type { LeakRate } from "../verify/leak-rate.ts";
import type { LeakVerification } from "../verify.ts";
import { CONVERGED_SHARE } from "../verify/leak-rate.ts";
import type { WatchedLeak } from "../verify/watched-leak.ts";
import { sumSiteBytes } from "./site-bytes.ts";
import { boundSlope } from "./slope-bounds.ts";

/** Fewer captures cannot bound a slope. */
const CAPTURES_MIN = 6;
/** The old rate must have added this share of what is there, or of 1 MiB, before its absence shows. */
const VISIBLE_SHARE = 0.05;
const VISIBLE_BYTES_MIN = 1 << 20;

/** Judges one leak of memory again, by the in-use bytes allocated at its site. */
export function verifyHeapLeak(leak: WatchedLeak, after: readonly Observation[]): LeakVerification {
  const { bytes, atMs } = sumSiteBytes(after, leak.site);
  const hours = ((atMs.at(-1) ?? 0) - (atMs[0] ?? 0)) / 3_600_000;
  const observed = Math.max(0, (bytes.at(-1) ?? 0) - (bytes[0] ?? 0));
  const shared = { id: leak.id, title: leak.title, captures: bytes.length, hours, observed };
  const before = leak.perHour;
  const undecided = (why: string): LeakVerification => ({
    ...shared,
    ...(before === undefined ? {} : { before }),
    status: "not-enough-data",
    text: `Not enough data: ${why}`,
  });
  if (leak.site === undefined) return undecided("the earlier report names no allocation site.");
  if (before === undefined)
    return undecided("the earlier report has no growth rate to hold this against.");
  if (bytes.length < CAPTURES_MIN)
    return undecided(`${bytes.length} heap captures; a slope needs ${CAPTURES_MIN} or more.`);
  const { slope, lower, upper } = boundSlope(
    bytes,
    atMs.map((ms) => ms / 3_600_000),
  );
  const seen: LeakRate = { per: "hour", rate: slope, lower, upper };
  const expected = before.rate * hours;
  const measured = `${formatBytes(slope)}/h (95 % bounds ${formatBytes(lower)} and ${formatBytes(upper)}) over ${formatDuration(hours * 3_600_000)}, ${formatBytes(before.rate)}/h before`;
  const decided = { ...shared, before, after: seen, expected };
  if (lower > before.rate * CONVERGED_SHARE * 0.5)
    return { ...decided, status: "still-growing", text: `Still growing: ${measured}.` };
  const visible = Math.max(VISIBLE_BYTES_MIN, VISIBLE_SHARE * Math.max(...bytes));
  if (expected >= visible && upper <= before.rate * CONVERGED_SHARE)
    return { ...decided, status: "converged", text: `Converged: ${measured}.` };
  const further = Math.max(hours, visible / before.rate - hours);
  return {
    ...decided,
    status: "not-enough-data",
    needed: { hours: further },
    text: `Not enough data: ${measured}. Watch for ${formatDuration(further * 3_600_000)} more at this load.`,
  };
}
