/** One report from captures and what the diagnosis says of them. */
import type { CaptureRecord } from "@watertight/capture";
import type { CaptureSummary, Finding, Report } from "@watertight/finding";
import type { GoroutineDump, Profile } from "@watertight/profile";

const NOTES_MAX = 50;

/** What the diagnosis gives. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  readonly undecided?: readonly string[];
}

/** The report of one target. Notes are said once, however often a capture repeats them. */
export function assembleReport(records: readonly CaptureRecord[], diagnosis: Diagnosis): Report {
  const latest = records.at(-1) as CaptureRecord;
  const version = records.findLast(({ runtimeVersion }) => runtimeVersion !== undefined);
  const problems = records.flatMap((record) => record.problems);
  const notes = [
    ...diagnosis.notes,
    ...records.flatMap((record) => record.notes),
    ...problems.map(({ message, remedy }) => `${message} ${remedy}`),
  ];
  return {
    target: latest.target,
    runtime: latest.runtime,
    ...(version?.runtimeVersion === undefined ? {} : { runtimeVersion: version.runtimeVersion }),
    captures: records.flatMap(summariseCapture),
    findings: diagnosis.findings,
    ...(diagnosis.undecided?.length ? { undecided: diagnosis.undecided } : {}),
    notes: foldNotes(notes).slice(0, NOTES_MAX),
  };
}

/** Of notes that differ in their numbers only, the latest. */
function foldNotes(notes: readonly string[]): string[] {
  return [...new Map(notes.map((note) => [note.replaceAll(/\d[\d,.]*/g, "#"), note])).values()];
}

/** Whether a part that was asked for did not arrive, or not whole. */
export function isIncomplete(records: readonly CaptureRecord[]): boolean {
  return records.some(
    ({ problems, goroutines }) =>
      goroutines?.truncated === true || problems.some(({ kind }) => kind === "incomplete"),
  );
}

function summariseCapture(record: CaptureRecord): CaptureSummary[] {
  const at = new Date(record.atMs).toISOString();
  const summaries: CaptureSummary[] = [];
  const addDump = (profile: string, dump: GoroutineDump | undefined): void => {
    if (dump === undefined) return;
    const { total, covered, truncated } = dump;
    summaries.push({ at, profile, total, covered, truncated });
  };
  const addProfile = (profile: string, decoded: Profile | undefined): void => {
    if (decoded === undefined) return;
    const { count } = decoded.samples;
    summaries.push({ at, profile, total: count, covered: count, truncated: false });
  };
  addDump("goroutineleak", record.leaked);
  addDump("goroutine", record.goroutines);
  addProfile("heap", record.heap);
  addProfile("allocs", record.allocs);
  return summaries;
}
