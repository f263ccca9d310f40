/** Compares what the product says about a run with the run's ground truth. */
import type { Finding, Frame } from "@watertight/finding";
import type { ExpectedLeak, SourceLine, Twin } from "./list.ts";

/** How one expected leak was reported. */
export interface LeakScore {
  readonly cause: string;
  /** Some finding is at its site or its creator, or names its cause. */
  readonly isFound: boolean;
  readonly isCauseRight: boolean;
  readonly isSiteRight: boolean;
  /** True as well when the truth names no creator. */
  readonly isCreatorRight: boolean;
  /** The finding that was compared. */
  readonly finding: Finding | undefined;
}

/** What is scored: a Go service or a Node program. */
export interface ScoredService {
  readonly name: string;
  readonly group: string;
  readonly twin: Twin;
  readonly truth: { readonly effects?: readonly string[] };
  readonly leaks: readonly ExpectedLeak[];
}

/** How one run was reported. */
export interface RunScore {
  readonly service: ScoredService;
  /** e.g. `Go 1.27`, `Node 24`. */
  readonly runtime: string;
  readonly leaks: readonly LeakScore[];
  /** Findings that name an expected leak. */
  readonly matched: readonly Finding[];
  /** Findings that speak of nothing that leaks: all of them, for a healthy service. */
  readonly spurious: readonly Finding[];
  /** Ways in which the run itself contradicts its truth: the zoo's fault, not the product's. */
  readonly contradictions: readonly string[];
}

/** Scores the findings of one run. */
export function scoreRun(
  service: ScoredService,
  runtime: string,
  findings: readonly Finding[],
  contradictions: readonly string[],
): RunScore {
  const leaks = service.leaks.map((leak) => scoreLeak(leak, findings));
  const effects = new Set(service.twin === "leaky" ? service.truth.effects : []);
  const matched = findings.filter((finding) => service.leaks.some((leak) => isOf(leak, finding)));
  const spurious = findings.filter(
    (finding) => !matched.includes(finding) && !effects.has(finding.cause),
  );
  return { service, runtime, leaks, matched, spurious, contradictions };
}

function scoreLeak(leak: ExpectedLeak, findings: readonly Finding[]): LeakScore {
  const own = findings.filter((finding) => isOf(leak, finding));
  const finding = own.toSorted((a, b) => closeness(leak, b) - closeness(leak, a))[0];
  return {
    cause: leak.cause,
    isFound: finding !== undefined,
    isCauseRight: finding !== undefined && leak.causes.includes(finding.cause),
    isSiteRight: finding !== undefined && isAt(finding.site, leak.sites),
    isCreatorRight: finding !== undefined && hasRightCreator(leak, finding),
    finding,
  };
}

function isOf(leak: ExpectedLeak, finding: Finding): boolean {
  return (
    leak.causes.includes(finding.cause) ||
    isAt(finding.site, leak.sites) ||
    isAt(finding.creator, ownLines(leak.creators))
  );
}

/** A creator of the standard library is shared by half a service and tells nothing apart. */
function ownLines(lines: readonly SourceLine[]): readonly SourceLine[] {
  return lines.filter(({ file }) => file !== undefined);
}

function closeness(leak: ExpectedLeak, finding: Finding): number {
  const cause = leak.cause === finding.cause ? 3 : Number(leak.causes.includes(finding.cause)) * 2;
  return (
    cause + Number(isAt(finding.site, leak.sites)) * 2 + Number(hasRightCreator(leak, finding))
  );
}

function hasRightCreator(leak: ExpectedLeak, finding: Finding): boolean {
  return leak.creators.length === 0 || isAt(finding.creator, leak.creators);
}

/**
 * Is the frame one of the lines? By file and line in the service's own code (an inlined closure
 * goes by many names), else by function.
 */
export function isAt(frame: Frame | undefined, lines: readonly SourceLine[]): boolean {
  if (frame === undefined) return false;
  return lines.some((line) =>
    line.file === undefined
      ? new RegExp(line.function).test(frame.function)
      : frame.line === line.line && frame.file.endsWith(`/${line.file}`),
  );
}
