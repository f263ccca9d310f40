/**
 * The four steps as a state machine: count cheaply, capture at high water or when
 * the forecast says that the limit is near, diagnose, and look again until the
 * leak has converged. Pure: the driver brings time and captures, and is told what
 * to do next. Marks rise with every event and fall only well below, so nothing flaps.
 */
import { formatCount, formatDuration } from "@watertight/finding";
import { forecast } from "./forecast.ts";
import { hasRoom, withinHour } from "./capture-budget.ts";
import type { Observation } from "../observation.ts";
import { finishSeries } from "./finish-series.ts";
import { WATCH_DEFAULTS, type WatchOptions } from "./watch-options.ts";
import type { WatchEvent, WatchInput, WatchState } from "./watch-state.ts";

/** A new state, and the lines to print. */
export interface WatchAdvance {
  readonly state: WatchState;
  readonly events: readonly WatchEvent[];
}

/** Opens a watch: its first step is a count at `nowMs`. */
export function openWatch(nowMs: number, options: Partial<WatchOptions> = {}): WatchState {
  const settings = { ...WATCH_DEFAULTS, ...options };
  return {
    history: [],
    requestsServed: undefined,
    baseline: undefined,
    mark: Number.POSITIVE_INFINITY,
    isGrowing: false,
    series: undefined,
    seriesEveryMs: settings.seriesEveryMs,
    isSeriesWanted: false,
    capturesAtMs: [],
    open: new Map(),
    followUpAtMs: Number.POSITIVE_INFINITY,
    followUpMs: settings.followUpMs,
    failures: 0,
    lostSinceMs: undefined,
    next: { what: "count", atMs: nowMs },
  };
}

/** Takes one report in. `state.next` of the result says what to do and when. */
export function advanceWatch(
  state: WatchState,
  input: WatchInput,
  options: Partial<WatchOptions> = {},
): WatchAdvance {
  const settings = settle(options);
  if (input.kind === "failure") return fail(state, input, settings);
  const atMs = input.kind === "count" ? input.atMs : input.observation.atMs;
  const events: WatchEvent[] = [];
  const back = recover(state, atMs, events);
  const taken =
    input.kind === "count"
      ? takeCount(back, input, settings, events)
      : takeCapture(back, input.observation, settings, events);
  return { state: plan(taken, atMs, settings), events };
}

/** A series never asks for more captures than an hour allows. */
function settle(options: Partial<WatchOptions>): WatchOptions {
  const settings = { ...WATCH_DEFAULTS, ...options };
  const seriesCaptures = Math.min(settings.seriesCaptures, settings.capturesPerHourMax);
  return { ...settings, seriesCaptures };
}

type CountInput = Extract<WatchInput, { kind: "count" }>;

function recover(state: WatchState, atMs: number, events: WatchEvent[]): WatchState {
  if (state.lostSinceMs !== undefined) {
    const downMs = atMs - state.lostSinceMs;
    events.push({
      kind: "recovered",
      atMs,
      downMs,
      text: `The target answers again after ${formatDuration(downMs)}.`,
    });
  }
  return { ...state, failures: 0, lostSinceMs: undefined };
}

function fail(
  state: WatchState,
  { atMs, text }: Extract<WatchInput, { kind: "failure" }>,
  settings: WatchOptions,
): WatchAdvance {
  const failures = state.failures + 1;
  const events: WatchEvent[] = [];
  const isLost = failures >= settings.lostAfter;
  if (isLost && state.lostSinceMs === undefined) {
    const lost = `The target has not answered ${failures} times in a row: ${text}`;
    events.push({ kind: "lost", atMs, text: lost });
  }
  const backoff = 2 ** Math.min(10, Math.max(0, failures - settings.lostAfter));
  const pauseMs = Math.min(settings.retryMsMax, settings.countEveryMs * backoff);
  const next = {
    ...state,
    failures,
    lostSinceMs: isLost ? (state.lostSinceMs ?? atMs) : undefined,
    // A series with a hole is no series; it is wanted still.
    series: undefined,
    isSeriesWanted: state.isSeriesWanted || state.series !== undefined,
    next: { what: "count", atMs: atMs + pauseMs } as const,
  };
  return { state: next, events };
}

function takeCount(
  state: WatchState,
  input: CountInput,
  settings: WatchOptions,
  events: WatchEvent[],
): WatchState {
  const { atMs, count, requestsServed } = input;
  const isRestart =
    requestsServed !== undefined &&
    requestsServed < (state.requestsServed ?? Number.NEGATIVE_INFINITY);
  const kept = isRestart ? [] : state.history.slice(1 - settings.historyMax);
  const counted = { ...state, history: [...kept, { atMs, count }], requestsServed };
  if (counted.baseline === undefined) return learn(counted, atMs, settings, events);
  return watchGrowth(watchLevel(counted, input, settings, events), atMs, settings, events);
}

function learn(
  state: WatchState,
  atMs: number,
  settings: WatchOptions,
  events: WatchEvent[],
): WatchState {
  const counts = state.history.map(({ count }) => count);
  const first = settings.highWater;
  const isAbove = first !== undefined && (counts.at(-1) ?? 0) > first;
  if (counts.length < settings.baselineCounts && !isAbove) return state;
  const baseline = counts.toSorted((a, b) => a - b)[counts.length >> 1] as number;
  const highWater = firstMark(baseline, settings);
  events.push({
    kind: "baseline",
    atMs,
    count: baseline,
    highWater,
    text: `${formatCount(baseline)} goroutines are normal here; above ${formatCount(highWater)} is high water.`,
  });
  const learnt = { ...state, baseline, mark: highWater };
  const count = counts.at(-1) as number;
  return watchLevel(learnt, { kind: "count", atMs, count }, settings, events);
}

function firstMark(baseline: number, settings: WatchOptions): number {
  return (
    settings.highWater ??
    Math.ceil(Math.max(baseline * settings.highWaterFactor, baseline + settings.riseMin))
  );
}

/** The next high water is a quarter above the last one, and the mark falls back only well below the first. */
const MARK_STEP = 1.25;
const REARM_SHARE = 0.8;

function watchLevel(
  state: WatchState,
  { atMs, count }: CountInput,
  settings: WatchOptions,
  events: WatchEvent[],
): WatchState {
  const first = firstMark(state.baseline ?? 0, settings);
  if (count < first * REARM_SHARE) return { ...state, mark: first };
  if (count <= state.mark) return state;
  events.push({
    kind: "high-water",
    atMs,
    count,
    highWater: state.mark,
    text: `${formatCount(count)} goroutines: above the high-water mark of ${formatCount(state.mark)}.`,
  });
  return { ...state, mark: Math.ceil(count * MARK_STEP), isSeriesWanted: true };
}

/** A trend is believed at the first of these and forgotten at the second. */
const GROWTH_P_MAX = 0.001;
const CALM_P_MIN = 0.1;

function watchGrowth(
  state: WatchState,
  atMs: number,
  settings: WatchOptions,
  events: WatchEvent[],
): WatchState {
  const limit = settings.limit ?? 10 * firstMark(state.baseline ?? 0, settings);
  const seen = forecast(state.history, limit);
  if (seen === undefined) return state;
  if (state.isGrowing) {
    return seen.pValue > CALM_P_MIN ? { ...state, isGrowing: false } : state;
  }
  const count = state.history.at(-1)?.count ?? 0;
  const risen = count - (state.baseline ?? 0);
  const isNear = seen.limitAtMs - atMs <= settings.forecastWithinMs;
  if (seen.pValue > GROWTH_P_MAX || risen < settings.riseMin || !isNear) return state;
  const inMs = Math.max(0, seen.limitAtMs - atMs);
  events.push({
    kind: "growth",
    atMs,
    perHour: seen.perHour,
    limitAtMs: seen.limitAtMs,
    text: `${formatCount(count)} goroutines, ${formatCount(seen.perHour)} more every hour: ${formatCount(limit)} in ${formatDuration(inMs)}.`,
  });
  return { ...state, isGrowing: true, isSeriesWanted: true };
}

function takeCapture(
  state: WatchState,
  observation: Observation,
  settings: WatchOptions,
  events: WatchEvent[],
): WatchState {
  const series = [...(state.series ?? []), observation];
  const capturesAtMs = [...withinHour(state.capturesAtMs, observation.atMs), observation.atMs];
  const taken = { ...state, series, capturesAtMs };
  if (series.length < capturesWanted(series, capturesAtMs, settings)) return taken;
  return finishSeries({ ...taken, series: undefined }, series, settings, events);
}

/** Goroutine ids tell early who stays. Without them a series goes on, as far as the hour has room. */
function capturesWanted(
  series: readonly Observation[],
  capturesAtMs: readonly number[],
  { seriesCaptures, seriesCapturesWithoutIds, capturesPerHourMax }: WatchOptions,
): number {
  const hasIds = series.every(({ goroutines }) =>
    goroutines?.groups.some(({ ids }) => ids.length > 0),
  );
  if (hasIds) return seriesCaptures;
  const room = capturesPerHourMax - capturesAtMs.length + series.length;
  return Math.max(seriesCaptures, Math.min(seriesCapturesWithoutIds, room));
}

/** What to do next: go on with the series, begin one, or count. */
function plan(state: WatchState, nowMs: number, settings: WatchOptions): WatchState {
  if (state.series !== undefined)
    return { ...state, next: { what: "capture", atMs: nowMs + state.seriesEveryMs } };
  const isDue = state.isSeriesWanted || nowMs >= state.followUpAtMs;
  const { seriesCaptures, capturesPerHourMax } = settings;
  if (isDue && hasRoom(state.capturesAtMs, nowMs, seriesCaptures, capturesPerHourMax)) {
    const next = { what: "capture", atMs: nowMs } as const;
    const seriesEveryMs = spaceSeries(state, settings);
    return { ...state, isSeriesWanted: false, series: [], seriesEveryMs, next };
  }
  return { ...state, next: { what: "count", atMs: nowMs + settings.countEveryMs } };
}

/** Captures far enough apart that the slowest known growth shows between the first and the last. */
function spaceSeries(state: WatchState, settings: WatchOptions): number {
  const known = [...state.open.values()].flatMap(({ finding }) =>
    finding.unit === "bytes" ? [] : [finding.growth?.perHour ?? 0],
  );
  const trend = forecast(state.history, 0);
  if (trend !== undefined && trend.pValue < CALM_P_MIN) known.push(trend.perHour);
  const rates = known.filter((perHour) => perHour > 0);
  if (rates.length === 0) return settings.seriesEveryMs;
  const spanMs = (settings.seriesLeaks * 3_600_000) / Math.min(...rates);
  const everyMs = spanMs / Math.max(1, settings.seriesCaptures - 1);
  return Math.min(settings.seriesEveryMsMax, Math.max(settings.seriesEveryMs, everyMs));
}
