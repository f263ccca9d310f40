/**
 * What Watertight says about a leak, whichever room found it. One shape, so that
 * the terminal, SARIF, the API and the console never disagree.
 */

/** One line of a stack. `line` is 0 when unknown. */
export interface Frame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

export type LeakKind = "work" | "memory" | "data";
export type LeakRuntime = "go" | "node" | "python" | "any";
/** Worst first. */
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];
/** `proven`: by the runtime or by construction. `likely`: the signature has no benign reading. `suspect`: look. */
export type Certainty = "proven" | "likely" | "suspect";
export type CountUnit = "goroutines" | "tasks" | "bytes" | "fields" | "occurrences";

/** One sentence with the numbers, frames or ids behind it. */
export interface Evidence {
  /** A whole sentence, for a person. */
  readonly text: string;
  /** The stack it speaks of, leaf first, when it speaks of one. */
  readonly frames?: readonly Frame[];
  /** Goroutine or task ids to look up in the capture, at most 10. */
  readonly ids?: readonly number[];
}

/** How the count moved over a series of captures. */
export interface Growth {
  readonly perHour: number;
  /** One-sided p-value of the trend (Mann–Kendall). */
  readonly pValue: number;
  readonly captures: number;
  /** Growth per request served, when a request counter was at hand. */
  readonly perRequest?: number;
}

export interface Fix {
  /** One imperative sentence. */
  readonly summary: string;
  /** Code of a few lines, in the runtime's language. */
  readonly example?: string;
  /** Path of the page that explains it, e.g. `docs/causes/unclosed-body.md`. */
  readonly docs: string;
}

export interface Finding {
  /** Fingerprint: stable across runs, hosts and, where it can be, line shifts. */
  readonly id: string;
  /** A cause id, e.g. `unclosed-body`. */
  readonly cause: string;
  readonly kind: LeakKind;
  readonly runtime: LeakRuntime;
  readonly severity: Severity;
  /** 0 to 1; the evidence says why. */
  readonly confidence: number;
  readonly certainty: Certainty;
  /** One line that a tired person understands. */
  readonly title: string;
  readonly count: number;
  readonly unit: CountUnit;
  /** The wait reason. */
  readonly state?: string;
  /** Where it is stuck. */
  readonly site?: Frame;
  /** What started it: the line to open first. */
  readonly creator?: Frame;
  readonly growth?: Growth;
  readonly ageMinutesMin?: number;
  readonly evidence: readonly Evidence[];
  readonly fix: Fix;
  /** Ids of findings that this one causes, e.g. the exhausted pool behind unclosed rows. */
  readonly effects?: readonly string[];
}

/** What one capture of the target was, for the report's header. */
export interface CaptureSummary {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** e.g. `goroutine`, `heap`. */
  readonly profile: string;
  readonly total: number;
  readonly covered: number;
  readonly truncated: boolean;
}

/** `watertight inspect --json`, whole. */
export interface Report {
  readonly target: string;
  readonly runtime: LeakRuntime;
  /** e.g. `go1.26.8`; absent when the target did not say. */
  readonly runtimeVersion?: string;
  readonly captures: readonly CaptureSummary[];
  readonly findings: readonly Finding[];
  /** Sentences on what looks like a leak and cannot be told from a busy service by these captures. */
  readonly undecided?: readonly string[];
  /** Sentences on what could not be captured, proven or read, with what to do. */
  readonly notes: readonly string[];
}
