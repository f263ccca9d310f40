/**
 * The functions that make tickers and timers. A dump does not say which channel a goroutine waits on, but a
 * function that made a ticker and waits on a channel most likely waits for the next tick.
 */
import type { Observation } from "../observation.ts";
import type { FrameOriginOptions } from "../stack/frame-origin.ts";
import { HeapPlaces } from "./heap-places.ts";

/** Names of functions by what they made. */
export interface TimerMakers {
  readonly tickers: ReadonlySet<string>;
  readonly timers: ReadonlySet<string>;
}

export const NO_TIMERS: TimerMakers = { tickers: new Set(), timers: new Set() };

const MAKES_TICKER = /^time\.(?:NewTicker|Tick)$/;
const MAKES_TIMER = /^time\.(?:NewTimer|After)$/;

/** Names of functions that called the makers, as far as the latest heap profile sampled them. */
export function findTimerMakers(
  observations: readonly Observation[],
  options: FrameOriginOptions,
): TimerMakers {
  const heap = observations.findLast((observation) => observation.heap !== undefined)?.heap;
  if (heap === undefined) return NO_TIMERS;
  const places = new HeapPlaces(heap, options);
  const makersOf = (maker: RegExp): ReadonlySet<string> =>
    new Set(places.findCallers(maker, "alloc_space").map(({ frame }) => frame.function));
  return { tickers: makersOf(MAKES_TICKER), timers: makersOf(MAKES_TIMER) };
}
