/**
 * The line that allocated the Buffers that grow. A heap snapshot says who holds them; where they
 * were allocated, the agent's heap profile says.
 */
import { formatBytes, type Finding } from "@watertight/finding";
import type { Observation } from "../observation.ts";
import type { FrameOriginOptions } from "../stack/frame-origin.ts";
import { percent } from "../series/judge-members.ts";
import { connectHolder } from "./connect-holder.ts";
import { type CallerTotals, HeapPlaces } from "./heap-places.ts";
import { UNKNOWN_BUFFERS } from "./unknown-buffers.ts";

const CAUSE = "external-memory-growth";

/** With less than this share, a line is one among others and not the one to open. */
const OPEN_FIRST_SHARE_MIN = 0.5;

/**
 * Adds the allocating line to findings of external memory that growing holders gave. A line that
 * `grownMemory` has found to grow already is not told twice: what the holder's finding knows is added
 * to it. Growth at no line is not told beside holders: a heap snapshot has every Buffer, with who holds it.
 *
 * @returns all findings, of both.
 */
export function nameAllocators(
  findings: readonly Finding[],
  grownMemory: readonly Finding[],
  observations: readonly Observation[],
  options: FrameOriginOptions = {},
): readonly Finding[] {
  const isHeld = findings.some(({ cause }) => cause === CAUSE);
  const memory = grownMemory.filter(({ site }) => !isHeld || site?.function !== UNKNOWN_BUFFERS);
  const lines = findLines(observations, options);
  const total = lines.reduce((sum, { value }) => sum + value, 0);
  const [first] = lines;
  if (first === undefined || first.value < total * OPEN_FIRST_SHARE_MIN)
    return connectHolder([...findings, ...memory], memory);
  const named = findings.map((finding) =>
    finding.cause === CAUSE ? nameAllocator(finding, first, total) : finding,
  );
  const told = [
    ...named.filter((finding) => !memory.some((grown) => isSame(grown, finding))),
    ...memory.map((grown) => joinHeld(grown, named)),
  ];
  return connectHolder(told, memory);
}

/** Whether both tell of Buffers that one function allocates. */
function isSame(one: Finding, other: Finding): boolean {
  return (
    one.cause === CAUSE && other.cause === CAUSE && one.site?.function === other.site?.function
  );
}

function joinHeld(grown: Finding, named: readonly Finding[]): Finding {
  const held = named.filter((finding) => isSame(finding, grown));
  return { ...grown, evidence: [...grown.evidence, ...held.flatMap(({ evidence }) => evidence)] };
}

/** What was added between the first heap profile and the last; with one alone, what is in use. */
function findLines(
  observations: readonly Observation[],
  options: FrameOriginOptions,
): readonly CallerTotals[] {
  const heaps = observations.flatMap(({ heap }) => heap ?? []);
  const last = heaps.at(-1);
  if (last === undefined) return [];
  const linesOf = (heap: typeof last): readonly CallerTotals[] =>
    new HeapPlaces(heap, { ...options, runtime: "node" }).findExternal();
  const earlier = heaps.length > 1 ? linesOf(heaps[0] as typeof last) : [];
  const before = new Map(earlier.map(({ frame, value }) => [keyOf(frame), value]));
  return linesOf(last)
    .map(({ frame, value }) => ({ frame, value: value - (before.get(keyOf(frame)) ?? 0) }))
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => b.value - a.value);
}

function keyOf({ function: name, file, line }: CallerTotals["frame"]): string {
  return `${name}\n${file}:${line}`;
}

function nameAllocator(finding: Finding, { frame, value }: CallerTotals, total: number): Finding {
  const holder = finding.site;
  return {
    ...finding,
    site: frame,
    evidence: [
      ...finding.evidence,
      {
        text: `${formatBytes(value)} of them (${percent(value / total)}), as sampled, were allocated here.`,
        frames: [frame, ...(holder === undefined ? [] : [holder])],
      },
    ],
  };
}
