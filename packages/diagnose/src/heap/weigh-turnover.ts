/**
 * Does a site keep what it allocates, or does it turn over? A heap profile is sampled, so what a bounded cache holds
 * seems to rise and fall by chance, and while it fills it rises in earnest. What was allocated and what was freed are
 * counted from the same samples: at rest one is as likely as the other, so of all samples that came or went in the
 * later half of a series, those that came are binomial with one half. A leak goes on to keep more than it frees.
 */
import { binomialAtLeast } from "../series/tail-probability.ts";
import { bytesPerSample } from "./sampling-error.ts";

/** Values of one site in one heap capture. */
export interface SiteSample {
  readonly inuseBytes: number;
  readonly inuseObjects: number;
  readonly allocBytes: number;
}

/** Where nearly all that was ever allocated is still there, nothing turns over, and nothing is left to chance. */
const KEPT_WHOLE = 0.97;
const P_MAX = 0.001;

/**
 * True when chance and a cache that filled up explain the rise.
 *
 * @param captures oldest first; the one in the middle divides the series
 * @param samplingBytes one object in so many bytes is sampled; 0 when that is unknown
 */
export function turnsOver(captures: readonly SiteSample[], samplingBytes: number): boolean {
  const first = captures[0];
  const middle = captures[captures.length >> 1];
  const last = captures.at(-1);
  if (first === undefined || middle === undefined || last === undefined) return false;
  const whole = exchangeOf(first, last);
  if (whole.came <= 0 || samplingBytes <= 0) return false;
  if (whole.went <= whole.came * (1 - KEPT_WHOLE)) return false;
  const late = exchangeOf(middle, last);
  const bytes = bytesPerSample({
    bytes: last.inuseBytes,
    objects: last.inuseObjects,
    intervalBytes: samplingBytes,
  });
  const came = Math.round(late.came / bytes);
  const went = Math.round(Math.max(0, late.went) / bytes);
  return binomialAtLeast(came, came + went, 0.5) > P_MAX;
}

function exchangeOf(
  from: SiteSample,
  to: SiteSample,
): { readonly came: number; readonly went: number } {
  const came = to.allocBytes - from.allocBytes;
  return { came, went: came - (to.inuseBytes - from.inuseBytes) };
}
