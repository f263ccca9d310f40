/** Numbers in the words that every output shares, so that two outputs never disagree. */
import type { CountUnit, Finding, Growth, Report } from "./finding.ts";

/** `12431` is `12,431`. Fractions keep at most one digit below 100 and none above. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  const rounded = Math.abs(value) < 100 ? Math.round(value * 10) / 10 : Math.round(value);
  const [whole = "0", fraction] = Math.abs(rounded).toString().split(".");
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
  return `${rounded < 0 ? "-" : ""}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** `1572864` is `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return "unknown";
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const number = unit === 0 ? Math.round(value) : Number(value.toPrecision(3));
  return `${bytes < 0 ? "-" : ""}${formatCount(number)} ${BYTE_UNITS[unit] as string}`;
}

/** Milliseconds as a person says them: `850 ms`, `30 s`, `5 min`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return "unknown";
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  if (minutes < 48 * 60) return twoUnits(minutes, 60, "h", "min");
  return twoUnits(Math.round(minutes / 60), 24, "d", "h");
}

function twoUnits(value: number, per: number, large: string, small: string): string {
  const rest = value % per;
  const whole = `${formatCount(Math.floor(value / per))} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

/** `1 leak`, `3 leaks`. */
export function pluralise(
  count: number,
  singular: string,
  plural: string = `${singular}s`,
): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** `1,240 goroutines`, `1 task`, `1.5 GiB`. */
export function formatQuantity(count: number, unit: CountUnit): string {
  return unit === "bytes" ? formatBytes(count) : pluralise(count, unit.slice(0, -1));
}

/** A rate that chance alone gives more often than this is not worth saying. */
const CHANCE_MAX = 0.05;

/** The growth in parts, e.g. `["+1,240/h", "one per request", "p = 0.002 over 4 captures"]`. */
export function describeGrowth(growth: Growth, unit: CountUnit): string[] {
  const over = `${formatPValue(growth.pValue)} over ${pluralise(growth.captures, "capture")}`;
  if (growth.pValue > CHANCE_MAX) return [`growth not certain: ${over}`];
  const parts = [formatRate(growth.perHour, unit)];
  if (growth.perRequest !== undefined) parts.push(formatPerRequest(growth.perRequest, unit));
  parts.push(over);
  return parts;
}

function formatRate(perHour: number, unit: CountUnit): string {
  const sign = perHour < 0 ? "" : "+";
  if (unit === "bytes") return `${sign}${formatBytes(perHour)}/h`;
  // Who grows by several a second was seen for seconds: an hour of it is nobody's measurement.
  if (Math.abs(perHour) >= 3600) return `${sign}${formatCount(perHour / 3600)}/s`;
  return `${sign}${formatCount(perHour)}/h`;
}

function formatPerRequest(perRequest: number, unit: CountUnit): string {
  if (unit === "bytes") return `${formatBytes(perRequest)} per request`;
  if (Math.abs(perRequest - 1) < 0.05) return "one per request";
  if (perRequest > 1) return `${formatCount(perRequest)} per request`;
  if (perRequest <= 0) return "not following requests";
  return `one per ${formatCount(Number((1 / perRequest).toPrecision(2)))} requests`;
}

function formatPValue(pValue: number): string {
  if (!Number.isFinite(pValue)) return "p unknown";
  if (pValue < 0.001) return "p < 0.001";
  return `p = ${Number(pValue.toPrecision(pValue < 0.1 ? 1 : 2))}`;
}

/** How many, how fast and since when, in parts. The first is the count. */
export function describeSize(finding: Finding): string[] {
  const parts = [formatQuantity(finding.count, finding.unit)];
  if (finding.growth !== undefined) parts.push(...describeGrowth(finding.growth, finding.unit));
  if (finding.ageMinutesMin !== undefined && finding.ageMinutesMin > 0) {
    parts.push(`waiting ${formatDuration(finding.ageMinutesMin * 60_000)} or longer`);
  }
  return parts;
}

/** What was looked at, in parts, e.g. `["go1.26.8", "4 captures over 30 s", "12,431 goroutines"]`. */
export function describeCoverage(report: Report): string[] {
  const parts = [report.runtimeVersion ?? report.runtime];
  // What was watched from inside was not captured.
  if (report.captures.length === 0 && report.findings.length > 0) return parts;
  const moments = report.captures.map(({ at }) => Date.parse(at)).filter(Number.isFinite);
  const distinct = new Set(report.captures.map(({ at }) => at)).size;
  const spanMs = moments.length < 2 ? 0 : Math.max(...moments) - Math.min(...moments);
  parts.push(
    spanMs > 0
      ? `${pluralise(distinct, "capture")} over ${formatDuration(spanMs)}`
      : pluralise(distinct, "capture"),
  );
  const latest = report.captures.findLast(
    ({ profile }) => profile !== "heap" && profile !== "allocs",
  );
  if (latest !== undefined) {
    const counted = report.runtime === "node" ? "task" : "goroutine";
    parts.push(pluralise(latest.total, counted));
    if (latest.covered < latest.total) parts.push(`${formatCount(latest.covered)} of them read`);
  }
  return parts;
}

/** The verdict: `3 leaks and 1 suspect in http://127.0.0.1:6060`, `No leak found in orders.txt`. */
export function describeVerdict(report: Report): string {
  return `${describeLeaks(report)} in ${report.target}`;
}

/** `3 leaks and 1 suspect`, `Not decided: 1 open question`, or `No leak found`. What another finding causes is part of that leak. */
export function describeLeaks(report: Report): string {
  const caused = new Set(report.findings.flatMap((finding) => finding.effects ?? []));
  const roots = report.findings.filter((finding) => !caused.has(finding.id));
  const counted = roots.length === 0 ? report.findings : roots;
  const suspects = counted.filter(({ certainty }) => certainty === "suspect").length;
  const leaks = counted.length - suspects;
  const parts: string[] = [];
  if (leaks > 0) parts.push(pluralise(leaks, "leak"));
  if (suspects > 0) parts.push(pluralise(suspects, "suspect"));
  if (parts.length > 0) return parts.join(" and ");
  if (
    report.captures.every(
      ({ covered, total, truncated }) => covered === 0 && (truncated || total > 0),
    )
  )
    return "Nothing could be read";
  const open = report.undecided?.length ?? 0;
  return open > 0 ? `Not decided: ${pluralise(open, "open question")}` : "No leak found";
}

const NO_HEAP = "Memory was not looked at: no heap profile was captured.";
const NO_NODE_HEAP =
  "Which lines allocate memory was not looked at: that takes --heap, and the agent (@watertight/agent) in the process. Collections, Buffers, timers, listeners and handles were counted.";

/** What this report cannot rule out, one sentence each, read off its captures. */
export function describeBlindSpots(report: Report): string[] {
  const profiles = new Set(report.captures.map(({ profile }) => profile));
  const moments = new Set(report.captures.map(({ at }) => at));
  const spots: string[] = [];
  if (report.captures.length === 0) return ["Nothing was captured, so nothing can be said."];
  for (const capture of report.captures.filter(({ truncated }) => truncated)) {
    spots.push(
      `The ${capture.profile} capture was cut: ${formatCount(capture.covered)} of ${formatCount(capture.total)} were read, and the rest may hold more.`,
    );
  }
  if (moments.size === 1) {
    spots.push("One capture cannot show growth: a slow leak needs several, taken under load.");
  }
  if (!profiles.has("heap") && !profiles.has("allocs")) {
    spots.push(report.runtime === "node" ? NO_NODE_HEAP : NO_HEAP);
  }
  return spots;
}

/** What Node calls that which is captured under Go's names. */
const NODE_PROFILES: Readonly<Record<string, string>> = {
  goroutine: "tasks",
  goroutineleak: "stuck tasks",
};

/** What was captured, one part a profile: `goroutine in 4 captures (13 to 43)`, `heap in 1 capture (16)`. */
export function describeLooked(report: Report): string[] {
  const counts = new Map<string, number[]>();
  for (const { profile, covered } of report.captures) {
    counts.set(profile, [...(counts.get(profile) ?? []), covered]);
  }
  return [...counts].map(([profile, values]) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const range = least === most ? "" : `${formatCount(least)} to `;
    const name = report.runtime === "node" ? (NODE_PROFILES[profile] ?? profile) : profile;
    return `${name} in ${pluralise(values.length, "capture")} (${range}${formatCount(most)})`;
  });
}
