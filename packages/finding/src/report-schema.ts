/**
 * Reads a report back from JSON, checking every field. What an older or newer version
 * added is dropped; what is missing or of another shape is named with its JSON path.
 */
import { FindingError } from "./errors.ts";
import {
  SEVERITIES,
  type CaptureSummary,
  type Evidence,
  type Finding,
  type Fix,
  type Frame,
  type Growth,
  type Report,
} from "./finding.ts";

type Reader<T> = (value: unknown, path: string) => T;
type Shape<T> = { readonly [K in keyof T]-?: Reader<T[K]> };

/**
 * The report in a parsed JSON value.
 * @throws {FindingError} `WT_FINDING_SCHEMA`, with the JSON path of the first thing that is wrong.
 */
export function checkReport(value: unknown): Report {
  return readReport(value, "$");
}

/**
 * The reports in a JSON text: one object, or an array of them.
 * @throws {FindingError} `WT_FINDING_NOT_JSON` or `WT_FINDING_SCHEMA`.
 */
export function parseReports(text: string): Report[] {
  const value = parseJson(text);
  return Array.isArray(value)
    ? value.map((item, index) => readReport(item, `$[${index}]`))
    : [readReport(value, "$")];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FindingError("WT_FINDING_NOT_JSON", "$", reason.slice(0, 200));
  }
}

function fail(path: string, expected: string, value: unknown): never {
  throw new FindingError(
    "WT_FINDING_SCHEMA",
    path,
    `${path} is ${nameType(value)}, not ${expected}`,
  );
}

function nameType(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "number" || typeof value === "boolean")
    return `the ${typeof value} ${value}`;
  return `an ${typeof value}`;
}

const readString: Reader<string> = (value, path) =>
  typeof value === "string" ? value : fail(path, "a text", value);

const readNumber: Reader<number> = (value, path) =>
  typeof value === "number" && Number.isFinite(value) ? value : fail(path, "a number", value);

const readCount: Reader<number> = (value, path) =>
  readNumber(value, path) >= 0 ? (value as number) : fail(path, "0 or more", value);

const readShare: Reader<number> = (value, path) =>
  readCount(value, path) <= 1 ? (value as number) : fail(path, "between 0 and 1", value);

const readBoolean: Reader<boolean> = (value, path) =>
  typeof value === "boolean" ? value : fail(path, "true or false", value);

const readMoment: Reader<string> = (value, path) =>
  Number.isFinite(Date.parse(readString(value, path)))
    ? (value as string)
    : fail(path, "an ISO 8601 time", value);

function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  return (value, path) =>
    words.find((word) => word === value) ?? fail(path, `one of ${words.join(", ")}`, value);
}

function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((item, index) => read(item, `${path}[${index}]`))
      : fail(path, "an array", value);
}

/** Marks what may be missing. */
function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value, path) => (value === undefined ? undefined : read(value, path));
}

/** Reads the fields of a shape in its order and leaves out what is undefined. */
function objectOf<T>(shape: Shape<T>): Reader<T> {
  const fields = Object.entries<Reader<unknown>>(shape);
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return fail(path, "an object", value);
    }
    const source = value as Readonly<Record<string, unknown>>;
    const read: Record<string, unknown> = {};
    for (const [key, reader] of fields) {
      const field = reader(Object.hasOwn(source, key) ? source[key] : undefined, `${path}.${key}`);
      if (field !== undefined) read[key] = field;
    }
    return read as T;
  };
}

/** Fields that may be missing are `T | undefined` while they are read, and absent in the result. */
function lenient<T>(read: Reader<T | undefined>): Reader<T> {
  return read as Reader<T>;
}

const readFrame = objectOf<Frame>({ function: readString, file: readString, line: readCount });

const readEvidence = objectOf<Required<Evidence>>({
  text: readString,
  frames: lenient(optional(listOf(readFrame))),
  ids: lenient(optional(listOf(readCount))),
});

const readGrowth = objectOf<Required<Growth>>({
  perHour: readNumber,
  pValue: readShare,
  captures: readCount,
  perRequest: lenient(optional(readNumber)),
});

const readFix = objectOf<Required<Fix>>({
  summary: readString,
  example: lenient(optional(readString)),
  docs: readString,
});

const readFinding = objectOf<Required<Finding>>({
  id: readString,
  cause: readString,
  kind: oneOf("work", "memory", "data"),
  runtime: oneOf("go", "node", "python", "any"),
  severity: oneOf(...SEVERITIES),
  confidence: readShare,
  certainty: oneOf("proven", "likely", "suspect"),
  title: readString,
  count: readCount,
  unit: oneOf("goroutines", "tasks", "bytes", "fields", "occurrences"),
  state: lenient(optional(readString)),
  site: lenient(optional(readFrame)),
  creator: lenient(optional(readFrame)),
  growth: lenient(optional(readGrowth)),
  ageMinutesMin: lenient(optional(readCount)),
  evidence: listOf(readEvidence),
  fix: readFix,
  effects: lenient(optional(listOf(readString))),
});

const readCapture = objectOf<CaptureSummary>({
  at: readMoment,
  profile: readString,
  total: readCount,
  covered: readCount,
  truncated: readBoolean,
});

const readReport = objectOf<Required<Report>>({
  target: readString,
  runtime: oneOf("go", "node", "python", "any"),
  runtimeVersion: lenient(optional(readString)),
  captures: listOf(readCapture),
  findings: listOf(readFinding),
  undecided: lenient(optional(listOf(readString))),
  notes: (value, path) => (value === undefined ? [] : listOf(readString)(value, path)),
});
