/** What became of every leak, on a terminal. */
import type { LeakVerification, Verification } from "@watertight/diagnose";
import { inertLine, pluralise, Sheet, type SheetOptions, type Style } from "@watertight/finding";

const BADGES: Readonly<
  Record<LeakVerification["status"], { readonly label: string; readonly style: Style }>
> = {
  converged: { label: "CONVERGED", style: "good" },
  "still-growing": { label: "STILL GROWING", style: "critical" },
  "not-enough-data": { label: "NOT ENOUGH DATA", style: "medium" },
};

export interface VerificationOptions extends SheetOptions {
  /** The line to open for a leak, by its id. */
  readonly places: ReadonlyMap<string, string>;
}

/** The report of a verification as lines that end in a line break. */
export function renderVerification(
  target: string,
  verification: Verification,
  options: VerificationOptions,
): string {
  const sheet = new Sheet(options);
  const { leaks, newcomers, notes } = verification;
  sheet.blank();
  sheet.write(inertLine(`${describeStatus(verification)} in ${target}`), { style: "strong" });
  for (const leak of leaks) {
    const { label, style } = BADGES[leak.status];
    sheet.blank();
    sheet.titled(label, inertLine(leak.title), style);
    const body = sheet.indented(style);
    body.write(inertLine(leak.text));
    const place = options.places.get(leak.id);
    if (place !== undefined) body.write(inertLine(place), { label: "open first", style: "path" });
  }
  for (const newcomer of newcomers) {
    sheet.blank();
    sheet.titled("NEW", inertLine(newcomer.key.split("\n")[0] ?? ""), "high");
    sheet.indented("high").write(inertLine(newcomer.reason));
  }
  if (notes.length > 0) sheet.blank();
  for (const [index, note] of notes.entries()) {
    sheet.write(inertLine(note), { label: index === 0 ? "notes" : "", style: "quiet" });
  }
  return sheet.text();
}

function describeStatus({ leaks }: Verification): string {
  if (leaks.length === 0) return "There was no leak to verify";
  const counted = (status: LeakVerification["status"]): number =>
    leaks.filter((leak) => leak.status === status).length;
  const parts = [
    [counted("still-growing"), "still growing"],
    [counted("converged"), "converged"],
    [counted("not-enough-data"), "without enough data"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${pluralise(count, "leak")} ${words}`)
    .join(", ");
}
