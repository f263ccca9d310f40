export * from "./finding.ts";
export {
  fileBaseName,
  fingerprintFinding,
  fnv1a64,
  normaliseFunctionName,
  type LeakIdentity,
} from "./fingerprint.ts";
export {
  compareFindings,
  compareSeverity,
  distinguishFindings,
  isAtLeast,
  nestEffects,
  sortFindings,
  type FindingTree,
} from "./order.ts";
export { renderTerminal, type TerminalOptions } from "./outputs/terminal.ts";
export { FINDING_ERRORS, FindingError, type FindingErrorCode } from "./errors.ts";
export { checkReport, parseReports } from "./report-schema.ts";
export { renderJson } from "./outputs/json.ts";
export { renderMarkdown } from "./outputs/markdown.ts";
export { renderSarif, type SarifOptions } from "./outputs/sarif.ts";
export { renderSonar, type SonarReport } from "./outputs/sonar.ts";
export { formatLocation, type SourceOptions } from "./source-path.ts";
export { renderHtml, type FlameFragment, type HtmlOptions } from "./outputs/html.ts";
export { formatBytes, formatCount, formatDuration, pluralise } from "./wording.ts";
export { createPainter, type Painter, type Style } from "./layout/paint.ts";
export { Sheet, type SheetOptions } from "./layout/sheet.ts";
export { inertLine } from "./safe-text.ts";
