/** The Node half's results as tables and sentences. */
import { formatCells } from "../accuracy-table.ts";
import type { Detector } from "./detectors/detector.ts";
import type { DumpScore } from "./dump-score.ts";
import { precisionOf, scoreTests, type TestRun } from "./test-score.ts";

const NAME_WIDTH = 28;

/** What the task dump holds before any rule, in four sentences. */
export function formatDumps(dumps: readonly DumpScore[]): string {
  const expected = dumps.filter(({ isExpected }) => isExpected);
  const proofs = dumps.filter(({ isProofExpected }) => isProofExpected);
  const falselyProven = dumps.filter((dump) => dump.falselyProven > 0);
  const missing = expected.filter((dump) => !dump.isAwaitExact).map(({ name }) => name);
  const unproven = proofs.filter((dump) => !dump.isProven).map(({ name }) => name);
  return [
    `stuck tasks in the dump ${expected.filter((dump) => dump.isInDump).length}/${expected.length}` +
      ` · at the exact await ${expected.length - missing.length}/${expected.length}` +
      ` · proven ${proofs.length - unproven.length}/${proofs.length}` +
      ` · healthy programs with a proven task ${falselyProven.length}`,
    ...missing.map((name) => `${name}: the dump does not have its tasks at the marked await`),
    ...unproven.map((name) => `${name}: not proven, and nothing could wake it`),
    ...falselyProven.map(({ name }) => `${name}: a task of the healthy program is called proven`),
  ].join("\n");
}

/** One line per detector with its totals, then one per cause with how many leaks each found. */
export function formatTests(
  runs: readonly TestRun[],
  detectors: readonly Pick<Detector, "name" | "short">[],
): string {
  const groups = [...new Set(runs.map(({ program }) => program.group))].toSorted();
  const of = (detector: string): readonly TestRun[] =>
    runs.filter((run) => run.detector === detector);
  const totals = detectors.map(({ name }) => formatTotals(name, of(name)));
  const short = detectors.map((detector) => detector.short);
  const byGroup = groups.map((group) =>
    formatCells(
      group,
      detectors.map(({ name }) => {
        const score = scoreTests(of(name).filter(({ program }) => program.group === group));
        const accused = score.accused > 0 ? ` +${score.accused}` : "";
        return `${score.leaks === 0 ? "" : `${score.found}/${score.leaks}`}${accused}`;
      }),
    ),
  );
  const header = ["found", "recall", "precision", "line", "creator", "accused", "failed"];
  return [
    formatCells("".padEnd(NAME_WIDTH), header),
    ...totals,
    "",
    formatCells("(+n: healthy accused)", short),
    ...byGroup,
  ].join("\n");
}

function formatTotals(detector: string, runs: readonly TestRun[]): string {
  const score = scoreTests(runs);
  const percent = (part: number, whole: number): string =>
    whole === 0 ? "" : `${((100 * part) / whole).toFixed(0)} %`;
  return formatCells(detector.padEnd(NAME_WIDTH), [
    `${score.found}/${score.leaks}`,
    percent(score.found, score.leaks),
    percent(precisionOf(score), 1),
    String(score.sites),
    String(score.creators),
    `${score.accused}/${score.healthy}`,
    String(score.failed),
  ]);
}

/** A sentence for all that the product's own detector, the first, missed or put wrongly. */
export function listTestDeviations(runs: readonly TestRun[]): readonly string[] {
  const own = runs.filter(({ detector }) => detector === runs[0]?.detector);
  return own.flatMap((run) => {
    const name = `${run.program.name} ${run.program.twin} in a test`;
    return describeRun(run).map((text) => `${name}: ${text}`);
  });
}

function describeRun(run: TestRun): readonly string[] {
  const { program, findings } = run;
  if (program.twin === "healthy")
    return findings.map(({ cause = "", text }) => `spurious: ${cause} ${text}`);
  const score = scoreTests([run]);
  const [leak] = program.leaks;
  const [first] = findings;
  if (first === undefined) return [`${leak?.cause} was not found`];
  const texts: string[] = [];
  if (score.sites === 0) texts.push(`${leak?.cause} is put at ${first.lines.join(", ")}`);
  const isNamed = findings.some(({ cause = "" }) => leak?.causes.includes(cause) === true);
  if (!isNamed) texts.push(`${leak?.cause} is called ${first.cause}`);
  return texts;
}
