/** Reports that a hostile process could cause, for property tests. */
import * as fc from "fast-check";
import { SEVERITIES, type Finding, type Frame, type Report } from "../../src/index.ts";

/** Pieces that would act on a terminal, a page or a chat channel if they were let through. */
const HOSTILE = [
  "\u001b[31m",
  "\u001b]8;;http://evil.example\u0007x\u001b]8;;\u0007",
  "\u009b2J",
  "\r\n",
  "\u202e",
  "\u200b",
  "</script><script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "```\n# heading",
  "`code`",
  "[link](javascript:alert(1))",
  "@everyone #1 https://evil.example www.evil.example",
  "\ud800",
  "漢字",
  "e\u0301",
  "main.(*T[go.shape.int]).Run.func1",
  "../../../etc/passwd",
  "/usr/local/go/src/net/http/transport.go",
  "C:\\Users\\me\\main.go",
  "a".repeat(300),
];

const text: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 12 })), {
    maxLength: 4,
  })
  .map((parts) => parts.join(" "));

const count = fc.oneof(fc.nat(5000), fc.constantFrom(0, 1, 1e6, 2 ** 53 - 1));

const frame: fc.Arbitrary<Frame> = fc.record({ function: text, file: text, line: fc.nat(100_000) });

const finding: fc.Arbitrary<Finding> = fc.record(
  {
    id: fc.constantFrom("a", "b", "c", "d", '"><script>'),
    cause: fc.constantFrom("channel-send", "sql-rows", "unclosed-body"),
    kind: fc.constantFrom("work", "memory", "data"),
    runtime: fc.constantFrom("go", "node", "python", "any"),
    severity: fc.constantFrom(...SEVERITIES),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    certainty: fc.constantFrom("proven", "likely", "suspect"),
    title: text,
    count,
    unit: fc.constantFrom("goroutines", "tasks", "bytes", "fields", "occurrences"),
    state: text,
    site: frame,
    creator: frame,
    growth: fc.record(
      {
        perHour: fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        pValue: fc.double({ min: 0, max: 1, noNaN: true }),
        captures: fc.nat(100),
        perRequest: fc.double({ min: -10, max: 1000, noNaN: true }),
      },
      { requiredKeys: ["perHour", "pValue", "captures"] },
    ),
    ageMinutesMin: fc.nat(1e6),
    evidence: fc.array(
      fc.record(
        {
          text,
          frames: fc.array(frame, { maxLength: 3 }),
          ids: fc.array(fc.nat(), { maxLength: 3 }),
        },
        { requiredKeys: ["text"] },
      ),
      { maxLength: 3 },
    ),
    fix: fc.record(
      { summary: text, example: text, docs: text },
      { requiredKeys: ["summary", "docs"] },
    ),
    effects: fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 3 }),
  },
  {
    requiredKeys: [
      "id",
      "cause",
      "kind",
      "runtime",
      "severity",
      "confidence",
      "certainty",
      "title",
      "count",
      "unit",
      "evidence",
      "fix",
    ],
  },
) as fc.Arbitrary<Finding>;

/** Any report that the types allow, with names and texts that try to break out. */
export const arbitraryReport: fc.Arbitrary<Report> = fc.record(
  {
    target: text,
    runtime: fc.constantFrom("go", "node", "python", "any"),
    runtimeVersion: text,
    captures: fc.array(
      fc.record({
        at: fc
          .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
          .map((at) => at.toISOString()),
        profile: fc.constantFrom("goroutine", "heap", "\u001b[2J"),
        total: count,
        covered: count,
        truncated: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
    findings: fc.array(finding, { maxLength: 5 }),
    notes: fc.array(text, { maxLength: 3 }),
  },
  { requiredKeys: ["target", "runtime", "captures", "findings", "notes"] },
) as fc.Arbitrary<Report>;
