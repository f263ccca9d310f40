/** The report as Markdown, for a pull request or an incident channel. */
import type { Evidence, Finding, Frame, Report, Severity } from "../finding.ts";
import { nestEffects, type FindingTree } from "../order.ts";
import { inertLine, inertLines } from "../safe-text.ts";
import { formatLocation, type SourceOptions } from "../source-path.ts";
import { describeBlindSpots, describeCoverage, describeSize, describeLeaks } from "../wording.ts";

const MARKS: Readonly<Record<Severity, string>> = {
  critical: "🔴",
  high: "🟠",
  medium: "🟡",
  low: "🔵",
};

/** GitHub-flavoured Markdown. Nothing in the report can start a link, a mention, a tag or a heading. */
export function renderMarkdown(report: Report, options: SourceOptions = {}): string {
  const blocks = [
    `## ${describeLeaks(report)} in ${codeSpan(report.target)}`,
    describeCoverage(report).map(escapeMarkdown).join(" · "),
    ...nestEffects(report.findings).flatMap((tree) => findingBlocks(tree, options)),
  ];
  const { undecided = [] } = report;
  if (undecided.length > 0) blocks.push("### Not decided", ...bulletBlock(undecided));
  if (report.findings.length === 0) blocks.push(...bulletBlock(describeBlindSpots(report)));
  if (report.notes.length > 0) blocks.push("### Notes", ...bulletBlock(report.notes));
  return `${blocks.join("\n\n")}\n`;
}

/** Text of a process as Markdown text that renders as itself. */
export function escapeMarkdown(text: string): string {
  return inertLine(text)
    .replaceAll(/[\\`*_{}[\]<>|~!$^]/g, (mark) => `\\${mark}`)
    .replaceAll("&", "&amp;")
    .replaceAll(/[@#]/g, "$&&#8203;")
    .replaceAll(/(https?|ftp|mailto):/gi, "$1&#8203;:")
    .replaceAll(/www\./gi, "www&#8203;.");
}

/** The same at the start of a line, where a number or a dash would begin a list. */
function escapeLine(text: string): string {
  return escapeMarkdown(text)
    .trim()
    .replace(/^([-+=]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/** A code span that shows exactly this line, whatever backticks it holds. */
export function codeSpan(text: string): string {
  const line = inertLine(text).trim();
  if (line === "") return "";
  const fence = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

function codeBlock(lines: readonly string[], language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [`${fence}${language}`, ...lines, fence].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

function bulletBlock(sentences: readonly string[]): string[] {
  if (sentences.length === 0) return [];
  return [sentences.map((sentence) => `- ${escapeLine(sentence)}`).join("\n")];
}

function findingBlocks(tree: FindingTree, options: SourceOptions, depth = 0): string[] {
  const { finding, effects } = tree;
  const heading = "#".repeat(Math.min(6, 3 + depth));
  const severity = `${MARKS[finding.severity]} ${finding.severity.toUpperCase()}`;
  const caused = depth === 0 ? "" : "which causes: ";
  return [
    `${heading} ${severity}: ${caused}${escapeMarkdown(finding.title)}`,
    `**${describeSize(finding).map(escapeMarkdown).join("** · **")}**`,
    ...frameBlock(finding, options),
    `**Why ${finding.certainty}**`,
    ...bulletBlock(finding.evidence.map((evidence) => evidence.text)),
    ...stackBlock(finding.evidence, options),
    `**Fix:** ${escapeMarkdown(finding.fix.summary)}`,
    ...exampleBlock(finding),
    `Read ${codeSpan(finding.fix.docs)}`,
    ...effects.flatMap((effect) => findingBlocks(effect, options, depth + 1)),
  ].filter((block) => block !== "");
}

function frameBlock(finding: Finding, options: SourceOptions): string[] {
  const lines: string[] = [];
  const { creator, site, state } = finding;
  if (creator !== undefined) lines.push(`- **Open first:** ${describeFrame(creator, options)}`);
  if (site !== undefined) {
    const waits = state === undefined || state === "" ? "" : ` in ${codeSpan(state)}`;
    lines.push(`- **Stuck at:** ${describeFrame(site, options)}${waits}`);
  }
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function describeFrame(frame: Frame, options: SourceOptions): string {
  const location = codeSpan(formatLocation(frame, options));
  const name = codeSpan(frame.function);
  return location === "" ? name : `${location} (${name})`;
}

function stackBlock(evidence: readonly Evidence[], options: SourceOptions): string[] {
  const stack = evidence.find(({ frames }) => frames !== undefined && frames.length > 0)?.frames;
  if (stack === undefined) return [];
  const lines = stack.map((frame) =>
    inertLine(`${frame.function}  ${formatLocation(frame, options)}`).trimEnd(),
  );
  return [`<details><summary>Stack</summary>\n\n${codeBlock(lines, "")}\n\n</details>`];
}

function exampleBlock(finding: Finding): string[] {
  const lines = inertLines(finding.fix.example ?? "");
  if (lines.every((line) => line === "")) return [];
  const language = { go: "go", node: "ts", python: "python", any: "" }[finding.runtime];
  return [codeBlock(lines, language)];
}
