/**
 * The report on a terminal: what a tired person reads at night. The verdict first,
 * then each leak with the line to open, why it is certain and how to fix it.
 */
import type { Finding, Frame, Report } from "../finding.ts";
import { createPainter, type Style } from "../layout/paint.ts";
import { Sheet, type Piece } from "../layout/sheet.ts";
import { nestEffects, sortFindings, type FindingTree } from "../order.ts";
import { inertLine, inertLines } from "../safe-text.ts";
import { formatLocation, shortenFunction, type SourceOptions } from "../source-path.ts";
import {
  describeBlindSpots,
  describeCoverage,
  describeLooked,
  describeSize,
  describeVerdict,
  formatCount,
} from "../wording.ts";

export interface TerminalOptions extends SourceOptions {
  /** Width of the terminal; 40 to 200 are kept to, anything else is brought into that range. */
  readonly columns: number;
  readonly colour: "always" | "never";
  /** `ascii` for a terminal that is not UTF-8. */
  readonly charset?: "unicode" | "ascii";
  /** Whether evidence shows its stacks. */
  readonly stacks?: "shown" | "hidden";
  /** Leaks beyond this many (12) are named in one line each. */
  readonly findingsMax?: number;
}

const FINDINGS_MAX = 12;
const EXAMPLE_LINES_MAX = 16;
const STACK_FRAMES_MAX = 8;
const REST_LINES_MAX = 30;
const REST_PLACES_MAX = 3;

/** The whole report as text of lines that end in `\n`, none with trailing spaces. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const sheet = new Sheet({
    columns: Math.min(200, Math.max(40, Math.floor(options.columns) || 80)),
    charset: options.charset ?? "unicode",
    painter: createPainter(options.colour),
  });
  writeHeadline(sheet, report);
  const trees = nestEffects(report.findings);
  const findingsMax = options.findingsMax ?? FINDINGS_MAX;
  const told = new Set<string>();
  for (const tree of trees.slice(0, findingsMax)) {
    writeFinding(sheet, tree, told, options);
    told.add(tree.finding.fix.summary);
  }
  writeRest(sheet, trees.slice(findingsMax), options);
  writeList(sheet, "not decided", report.undecided ?? [], "plain");
  if (report.findings.length === 0) writeClean(sheet, report);
  writeList(sheet, "notes", report.notes, "quiet");
  return sheet.text();
}

function writeHeadline(sheet: Sheet, report: Report): void {
  const worst = sortFindings(report.findings)[0];
  const style: Style =
    worst === undefined && (report.undecided ?? []).length === 0 ? "good" : "strong";
  sheet.blank();
  sheet.write(inertLine(describeVerdict(report)), { style });
  sheet.flow(describeCoverage(report).map((text) => ({ text: inertLine(text), style: "quiet" })));
}

function writeFinding(
  sheet: Sheet,
  tree: FindingTree,
  fixesTold: ReadonlySet<string>,
  options: TerminalOptions,
): void {
  const { finding, effects } = tree;
  sheet.blank();
  writeTitle(sheet, finding);
  const body = sheet.indented(finding.severity);
  if (writeSize(body, finding)) body.blank();
  writeFrame(body, "open first", finding.creator, "", options);
  writeFrame(body, labelOfSite(finding), finding.site, finding.state ?? "", options);
  writeEvidence(body, finding, options);
  writeFix(body, finding, fixesTold);
  for (const effect of effects) writeEffect(body, effect, options);
}

/** What is open or set is at no line: a line left it. */
function labelOfSite({ unit, state, kind }: Finding): string {
  if (kind === "memory" && unit === "bytes") return "allocated at";
  return unit === "occurrences" && state === undefined ? "left by" : "stuck at";
}

function writeTitle(sheet: Sheet, finding: Finding): void {
  sheet.titled(finding.severity.toUpperCase(), inertLine(finding.title), finding.severity);
}

/** The count is left out where the title begins with it. @returns whether there was anything to say */
function writeSize(sheet: Sheet, finding: Finding): boolean {
  const [count = "", ...rest] = describeSize(finding);
  const told = finding.title.startsWith(`${count}:`) ? [] : [count];
  sheet.flow([
    ...told.map((text): Piece => ({ text, style: "strong" })),
    ...rest.map((text): Piece => ({ text, style: "plain" })),
  ]);
  return told.length + rest.length > 0;
}

function writeFrame(
  sheet: Sheet,
  label: string,
  frame: Frame | undefined,
  waitReason: string,
  options: SourceOptions,
): void {
  if (frame === undefined) return;
  const location = inertLine(formatLocation(frame, options));
  const name = inertLine(location === "" ? frame.function : shortenFunction(frame.function));
  const state = waitReason === "" ? "" : `[${inertLine(waitReason)}]`;
  if (location !== "") sheet.write(location, { label, style: "path" });
  const named = `${name} ${state}`.trim();
  sheet.write(named, location === "" ? { label } : { label: "", style: "quiet" });
}

function writeEvidence(sheet: Sheet, finding: Finding, options: TerminalOptions): void {
  if (finding.evidence.length === 0) return;
  sheet.blank();
  for (const [index, evidence] of finding.evidence.entries()) {
    const label = index === 0 ? `why ${finding.certainty}` : "";
    sheet.write(inertLine(evidence.text), { label });
    if (evidence.ids !== undefined && evidence.ids.length > 0) {
      sheet.write(`ids ${evidence.ids.join(", ")}`, { label: "", style: "quiet" });
    }
    if (options.stacks === "shown") writeStack(sheet, evidence.frames ?? [], options);
  }
}

function writeStack(sheet: Sheet, frames: readonly Frame[], options: TerminalOptions): void {
  for (const frame of frames.slice(0, STACK_FRAMES_MAX)) {
    const location = inertLine(formatLocation(frame, options));
    sheet.write(inertLine(shortenFunction(frame.function)), { label: "" });
    if (location !== "") sheet.write(location, { label: "", style: "path", hang: 2 });
  }
  const left = frames.length - STACK_FRAMES_MAX;
  if (left > 0) sheet.write(`… ${formatCount(left)} more`, { label: "", style: "quiet" });
}

/** The example is shown with the first finding that it fits: repeated, it hides the others. */
function writeFix(sheet: Sheet, finding: Finding, fixesTold: ReadonlySet<string>): void {
  sheet.blank();
  sheet.write(inertLine(finding.fix.summary), { label: "fix", style: "strong" });
  if (fixesTold.has(finding.fix.summary)) return;
  const lines = inertLines(finding.fix.example ?? "").slice(0, EXAMPLE_LINES_MAX);
  if (lines.some((line) => line !== "")) {
    sheet.blank();
    for (const line of lines) sheet.code(line);
    sheet.blank();
  }
  sheet.write(inertLine(finding.fix.docs), { label: "read", style: "quiet" });
}

function writeEffect(sheet: Sheet, tree: FindingTree, options: TerminalOptions): void {
  const { finding, effects } = tree;
  sheet.blank();
  sheet.write("which causes", { style: "quiet" });
  writeTitle(sheet, finding);
  const body = sheet.indented(finding.severity);
  writeSize(body, finding);
  writeFrame(body, labelOfSite(finding), finding.site, finding.state ?? "", options);
  const why = finding.evidence[0];
  if (why !== undefined) body.write(inertLine(why.text), { label: `why ${finding.certainty}` });
  for (const effect of effects) writeEffect(body, effect, options);
}

/** One line a title: of many leaks of one kind the places are what differs. */
function writeRest(sheet: Sheet, trees: readonly FindingTree[], options: TerminalOptions): void {
  if (trees.length === 0) return;
  sheet.blank();
  sheet.write(`and ${formatCount(trees.length)} more`, { style: "strong" });
  const alike = Map.groupBy(trees, ({ finding }) => `${finding.severity} ${finding.title}`);
  const groups = [...alike.values()];
  for (const group of groups.slice(0, REST_LINES_MAX)) writeAlike(sheet, group, options);
  const left = groups.length - REST_LINES_MAX;
  if (left > 0)
    sheet.write(`… and ${formatCount(left)} other kinds`, { label: "", style: "quiet" });
}

function writeAlike(sheet: Sheet, group: readonly FindingTree[], options: TerminalOptions): void {
  const [first] = group;
  if (first === undefined) return;
  const places = group.flatMap(({ finding: { creator, site } }) => {
    const opened = creator ?? site;
    return opened === undefined ? [] : [formatLocation(opened, options)];
  });
  const shown = places.slice(0, REST_PLACES_MAX).join(", ");
  const left = places.length - REST_PLACES_MAX;
  const text = `${first.finding.title} ${shown}${left > 0 ? ` and ${formatCount(left)} more places` : ""}`;
  sheet.write(inertLine(text), { label: first.finding.severity });
}

function writeClean(sheet: Sheet, report: Report): void {
  sheet.blank();
  const looked = describeLooked(report);
  const sentence = looked.length === 0 ? "nothing" : looked.join(", ");
  sheet.write(inertLine(sentence), { label: "looked at" });
  for (const [index, spot] of describeBlindSpots(report).entries()) {
    sheet.write(inertLine(spot), { label: index === 0 ? "cannot see" : "" });
  }
}

function writeList(sheet: Sheet, label: string, sentences: readonly string[], style: Style): void {
  if (sentences.length > 0) sheet.blank();
  for (const [index, sentence] of sentences.entries()) {
    sheet.write(inertLine(sentence), { label: index === 0 ? label : "", style });
  }
}
