/** What the accuracy run found, as numbers and as a table. */
import type { LeakScore, RunScore } from "./score.ts";

/** Shares are 0 to 1; 1 where there was nothing to count. */
export interface Accuracy {
  readonly leaks: number;
  readonly found: number;
  readonly causesRight: number;
  readonly sitesRight: number;
  readonly creatorsRight: number;
  readonly healthyRuns: number;
  readonly healthyRunsAccused: number;
  readonly findingsMatched: number;
  readonly findingsSpurious: number;
  readonly recall: number;
  readonly precision: number;
  readonly falsePositiveRate: number;
  /** Of the leaks that were found. */
  readonly causeRate: number;
  readonly siteRate: number;
  readonly creatorRate: number;
}

/** What a run must reach. */
export const TARGETS = { recall: 0.98, falsePositiveRate: 0.01, causeRate: 0.95 } as const;

/** Adds runs up. */
export function measure(scores: readonly RunScore[]): Accuracy {
  const leaks = scores.flatMap((score) => score.leaks);
  const found = leaks.filter((leak) => leak.isFound);
  const count = (is: (leak: LeakScore) => boolean): number => found.filter(is).length;
  const healthy = scores.filter(({ service }) => service.twin === "healthy");
  const accused = healthy.filter(({ spurious }) => spurious.length > 0).length;
  const matched = scores.reduce((sum, score) => sum + score.matched.length, 0);
  const spurious = scores.reduce((sum, score) => sum + score.spurious.length, 0);
  const causesRight = count((leak) => leak.isCauseRight);
  const sitesRight = count((leak) => leak.isSiteRight);
  const creatorsRight = count((leak) => leak.isCreatorRight);
  return {
    leaks: leaks.length,
    found: found.length,
    causesRight,
    sitesRight,
    creatorsRight,
    healthyRuns: healthy.length,
    healthyRunsAccused: accused,
    findingsMatched: matched,
    findingsSpurious: spurious,
    recall: share(found.length, leaks.length),
    precision: share(matched, matched + spurious),
    falsePositiveRate: healthy.length === 0 ? 0 : accused / healthy.length,
    causeRate: share(causesRight, found.length),
    siteRate: share(sitesRight, found.length),
    creatorRate: share(creatorsRight, found.length),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

/** Does it reach {@link TARGETS}? */
export function reachesTargets(accuracy: Accuracy): boolean {
  return (
    accuracy.recall >= TARGETS.recall &&
    accuracy.falsePositiveRate <= TARGETS.falsePositiveRate &&
    accuracy.causeRate >= TARGETS.causeRate
  );
}

/** One line per cause, then per runtime, then the total. */
export function formatTable(scores: readonly RunScore[]): string {
  const groups = [...new Set(scores.map(({ service }) => service.group))].toSorted();
  const runtimes = [...new Set(scores.map((score) => score.runtime))];
  const byGroup = groups.map((group) =>
    formatRow(
      group,
      scores.filter(({ service }) => service.group === group),
    ),
  );
  const byRuntime = runtimes.map((runtime) =>
    formatRow(
      runtime,
      scores.filter((score) => score.runtime === runtime),
    ),
  );
  const header = formatCells("", [
    "found",
    "cause",
    "site",
    "creator",
    "spurious",
    "healthy accused",
  ]);
  return [header, ...byGroup, "", ...byRuntime, "", formatRow("all", scores)].join("\n");
}

function formatRow(name: string, scores: readonly RunScore[]): string {
  const sum = measure(scores);
  const of = (part: number, whole: number): string => (whole === 0 ? "" : `${part}/${whole}`);
  return formatCells(name, [
    of(sum.found, sum.leaks),
    of(sum.causesRight, sum.found),
    of(sum.sitesRight, sum.found),
    of(sum.creatorsRight, sum.found),
    sum.findingsSpurious === 0 ? "" : String(sum.findingsSpurious),
    of(sum.healthyRunsAccused, sum.healthyRuns),
  ]);
}

/** A row of the table: a name and its cells, ten characters wide. */
export function formatCells(name: string, cells: readonly string[]): string {
  return (name.padEnd(24) + cells.map((cell) => cell.padStart(10)).join("")).trimEnd();
}

/** A sentence for everything that is not as the truth says, in run order. */
export function listDeviations(scores: readonly RunScore[]): readonly string[] {
  return scores.flatMap((score) => {
    const run = `${score.service.name} ${score.service.twin} on ${score.runtime}`;
    const leaks = score.leaks.flatMap((leak) => describeLeak(leak));
    const spurious = score.spurious.map(
      ({ cause, count, site, certainty }) =>
        `spurious: ${cause} (${certainty}, ${count}) at ${site?.function}:${site?.line}`,
    );
    return [...leaks, ...spurious, ...score.contradictions].map((text) => `${run}: ${text}`);
  });
}

function describeLeak(leak: LeakScore): readonly string[] {
  if (leak.finding === undefined) return [`${leak.cause} was not found`];
  const { cause, site, creator } = leak.finding;
  const texts: string[] = [];
  if (!leak.isCauseRight) texts.push(`${leak.cause} is called ${cause}`);
  if (!leak.isSiteRight) texts.push(`${leak.cause} is put at ${site?.function}:${site?.line}`);
  if (!leak.isCreatorRight)
    texts.push(`${leak.cause} is said to start at ${creator?.function}:${creator?.line}`);
  return texts;
}
