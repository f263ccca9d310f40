/** A series is complete: diagnose it, and hold the open findings against it. */
import { formatBytes, formatCount, type Finding, type Frame } from "@watertight/finding";
import { diagnose } from "../diagnose.ts";
import type { Observation } from "../observation.ts";
import { verify } from "../verify.ts";
import type { WatchOptions } from "./watch-options.ts";
import type { OpenFinding, WatchEvent, WatchState } from "./watch-state.ts";

/** A finding is looked for again after this many times the first pause, at the latest. */
const FOLLOW_UP_FACTOR_MAX = 4;

/** Takes a complete series in: new findings are reported once, converged ones are closed. */
export function finishSeries(
  state: WatchState,
  series: readonly Observation[],
  settings: WatchOptions,
  events: WatchEvent[],
): WatchState {
  const atMs = series.at(-1)?.atMs ?? 0;
  const { readSource } = settings;
  const { findings } = diagnose(series, readSource === undefined ? {} : { readSource });
  const open = new Map(state.open);
  const fresh = findings.filter(({ id }) => !open.has(id));
  for (const finding of fresh) {
    events.push({ kind: "finding", atMs, finding, text: describeFinding(finding) });
    open.set(finding.id, { finding, convergedSeries: 0 });
  }
  closeConverged(open, new Set(fresh.map(({ id }) => id)), series, settings, events);
  const isFresh = fresh.length > 0;
  const followUpMs = isFresh
    ? settings.followUpMs
    : Math.min(state.followUpMs * 2, settings.followUpMs * FOLLOW_UP_FACTOR_MAX);
  return {
    ...state,
    open,
    followUpMs,
    followUpAtMs: open.size === 0 ? Number.POSITIVE_INFINITY : atMs + followUpMs,
  };
}

/** The finding in one line, with where to look. */
function describeFinding({ title, count, unit, site, creator }: Finding): string {
  const size = unit === "bytes" ? formatBytes(count) : `${formatCount(count)} ${unit}`;
  const parts = [
    size,
    ...(site === undefined ? [] : [`at ${describeFrame(site)}`]),
    ...(creator === undefined ? [] : [`started by ${describeFrame(creator)}`]),
  ];
  return `${title} (${parts.join(", ")})`;
}

function describeFrame({ function: name, file, line }: Frame): string {
  return line === 0 ? name : `${name} ${file.slice(file.lastIndexOf("/") + 1)}:${line}`;
}

function closeConverged(
  open: Map<string, OpenFinding>,
  fresh: ReadonlySet<string>,
  series: readonly Observation[],
  settings: WatchOptions,
  events: WatchEvent[],
): void {
  const known = [...open.values()].filter(({ finding }) => !fresh.has(finding.id));
  if (known.length === 0) return;
  const findings: readonly Finding[] = known.map(({ finding }) => finding);
  for (const verification of verify(findings, series).leaks) {
    const entry = open.get(verification.id) as OpenFinding;
    const convergedSeries = verification.status === "converged" ? entry.convergedSeries + 1 : 0;
    if (convergedSeries < settings.convergedSeries) {
      open.set(verification.id, { ...entry, convergedSeries });
      continue;
    }
    open.delete(verification.id);
    const atMs = series.at(-1)?.atMs ?? 0;
    events.push({ kind: "converged", atMs, verification, text: verification.text });
  }
}
