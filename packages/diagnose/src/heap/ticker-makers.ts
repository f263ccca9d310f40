/**
 * The service's functions that make tickers. A dump does not say which channel a goroutine waits on, but a
 * function that made a ticker and waits on a channel most likely waits for the next tick.
 */
import type { Observation } from "../observation.ts";
import type { FrameOriginOptions } from "../stack/frame-origin.ts";
import { HeapPlaces } from "./heap-places.ts";

const MAKES_TICKER = /^time\.(?:NewTicker|Tick)$/;

/** Names of functions that called `time.NewTicker` or `time.Tick`, as far as the latest heap profile sampled them. */
export function findTickerMakers(
  observations: readonly Observation[],
  options: FrameOriginOptions,
): ReadonlySet<string> {
  const heap = observations.findLast((observation) => observation.heap !== undefined)?.heap;
  if (heap === undefined) return new Set();
  const callers = new HeapPlaces(heap, options).findCallers(MAKES_TICKER, "alloc_space");
  return new Set(callers.map(({ frame }) => frame.function));
}
