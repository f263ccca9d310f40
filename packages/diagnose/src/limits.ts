/** What the diagnosis does not know, said out loud: a silence that is not explained reads like a clean bill of health. */
import type { Finding } from "@watertight/finding";
import type { JudgedCase, MatchedCase } from "./build-finding.ts";
import type { Subject } from "./diagnose.ts";
import type { Observation } from "./observation.ts";
import { placeOf } from "./evidence.ts";
import type { SeriesView } from "./series/series-view.ts";

/** A crowd of this many at one place deserves a note even when nothing can be said about it. */
const NOTE_COUNT_MIN = 20;
const NOTES_MAX = 3;

/** Waits that the leak profile cannot judge. */
const UNPROVABLE: ReadonlyMap<string, string> = new Map([
  ["IO wait", "the network poller can always wake them"],
  ["sleep", "a timer will wake them"],
]);

/** Notes on the captures themselves. */
export function explainLimits(
  subject: Subject,
  observations: readonly Observation[],
  findings: readonly Finding[],
): readonly string[] {
  const notes: string[] = [];
  const { dump, leaked } = subject;
  if (dump.runtime === "node") return explainTasks(dump);
  if (dump.truncated || dump.covered < dump.total) {
    notes.push(
      `The capture holds ${dump.covered} of ${dump.total} goroutines: what is absent from it was not looked at.`,
    );
  }
  if (dump.format !== "goroutine-debug2") {
    notes.push(
      "This format names no goroutine ids and no argument words: lock cycles and orphans cannot be told. Capture goroutine?debug=2.",
    );
  }
  const hasMarks = leaked !== undefined || dump.groups.some((group) => group.leaked > 0);
  if (hasMarks) notes.push(...explainUnproven(findings));
  else if (isAtLeastGo(observations.at(-1)?.runtimeVersion, 27)) {
    notes.push(
      "This runtime has a leak profile (goroutineleak), which was not captured: it could prove some of what is likely here.",
    );
  }
  return notes;
}

function explainTasks({ truncated, covered, total }: Subject["dump"]): readonly string[] {
  if (!truncated && covered >= total) return [];
  return [
    `The capture holds ${covered} of ${total} tasks: what is absent from it was not looked at.`,
  ];
}

function explainUnproven(findings: readonly Finding[]): readonly string[] {
  const unproven = findings.filter(({ certainty }) => certainty !== "proven");
  const notes = new Set<string>();
  for (const { state } of unproven) {
    const reason =
      UNPROVABLE.get(state ?? "") ??
      "what they wait for is still reachable, e.g. from a global variable, a timer or a live goroutine";
    notes.add(
      `The runtime's leak profile does not name the goroutines in ${state ?? "this wait"}: ${reason}. Absence from it proves nothing.`,
    );
  }
  return [...notes].slice(0, NOTES_MAX);
}

function isAtLeastGo(version: string | undefined, minor: number): boolean {
  const found = /^go1\.(\d+)/.exec(version ?? "")?.[1];
  return found !== undefined && Number(found) >= minor;
}

/** Waits of which the format says nothing, and those where nobody parks on purpose: few healthy services have a crowd there. */
function isDoubtful({ match, view }: MatchedCase): boolean {
  return match.benign === undefined && (match.patience === "never-idle" || view.wait === "hidden");
}

/** What one capture leaves open. */
export interface Undecided {
  /** Crowds that look like a leak; a report without findings must not pass over them. */
  readonly questions: readonly string[];
  /** Crowds that idle workers make as well. */
  readonly notes: readonly string[];
}

/** Crowds that fit a cause but are no finding yet: only a series can tell. */
export function noteUndecided(
  cases: readonly MatchedCase[],
  found: readonly JudgedCase[],
  series: SeriesView | undefined,
): Undecided {
  if (series !== undefined && series.captures > 2) return { questions: [], notes: [] };
  const decided = new Set(found.map(({ view }) => view));
  const open = cases.filter(
    ({ view }) => !decided.has(view) && !view.isMain && view.group.count >= NOTE_COUNT_MIN,
  );
  // Nothing tells where a task of Node comes from.
  const isOld = ({ standing, view }: MatchedCase): boolean =>
    /^(?:await|yield)$/.test(view.group.state) ||
    (standing.timeline !== "recent" && standing.standing !== "startup");
  return {
    questions: open.filter(isDoubtful).slice(0, NOTES_MAX).map(describeUndecided),
    notes: open
      .filter((matched) => isOld(matched) && !isDoubtful(matched))
      .slice(0, NOTES_MAX)
      .map(describeUndecided),
  };
}

function describeUndecided({ view }: MatchedCase): string {
  const { state, count, frames } = view.group;
  const frame = view.site ?? frames[0];
  const place = frame === undefined ? "" : ` at ${frame.function} (${placeOf(frame)})`;
  const noun = /^(?:await|yield)$/.test(state) ? "tasks" : "goroutines";
  const wait = state === "" ? "" : ` (${state})`;
  return `${count} ${noun} wait${place}${wait}. One capture cannot tell a busy service from a leak here: inspect the running service, or save three captures a minute apart in one folder and inspect that.`;
}
