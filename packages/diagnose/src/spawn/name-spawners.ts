/**
 * The service's own line behind goroutines that a library started for it, from an execution trace: that has the
 * whole stack of every `go` statement, and says which goroutine executed it. So the way from a library's helper
 * of a helper leads up to the service.
 */
import type { Evidence, Finding, Frame } from "@watertight/finding";
import type { Spawn } from "@watertight/profile";
import { describeFrame } from "../evidence.ts";
import type { Observation } from "../observation.ts";
import { normaliseFunctionName } from "../stack/function-name.ts";
import type { DumpView } from "../view/dump-view.ts";

/** A goroutine of a library may be started by another one; so many are gone up at most. */
const PARENTS_MAX = 8;

/** A line with less than this share of the starts is one candidate among others, not the line to open. */
const OPEN_FIRST_SHARE_MIN = 0.5;
const LINES_SHOWN_MAX = 3;

/** What the naming needs besides the findings. */
export interface SpawnContext {
  readonly observations: readonly Observation[];
  readonly dump: DumpView;
  /** `go` statements of servers, by {@link spawnKey}: each connection has one, and no line of the service's asks for it. */
  readonly servers: ReadonlySet<string>;
}

/** Gives findings whose `go` statement is a library's the service's line that led to it; others stay as they are. */
export function nameSpawners(
  findings: readonly Finding[],
  { observations, dump, servers }: SpawnContext,
): readonly Finding[] {
  const spawns = observations.flatMap((observation) => observation.spawns?.spawns ?? []);
  if (spawns.length === 0) return findings;
  const bySite = Map.groupBy(spawns, ({ frames }) => spawnKey(frames[0]));
  const byId = new Map(spawns.map((spawn) => [spawn.id, spawn]));
  return findings.map((finding) => {
    if (!isStartedByLibrary(finding, dump) || servers.has(spawnKey(finding.creator)))
      return finding;
    const starts = bySite.get(spawnKey(finding.creator)) ?? [];
    const lines = starts.flatMap((start) => {
      const own = findOwnFrames(start, byId, dump);
      return own.length === 0 ? [] : [own];
    });
    return lines.length === 0 ? finding : nameLine(finding, lines);
  });
}

/** Whether a finding names a library's `go` statement as its creator. */
export function isStartedByLibrary({ creator }: Finding, dump: DumpView): boolean {
  return creator !== undefined && !dump.isApp(creator);
}

/** One `go` statement. */
export function spawnKey(frame: Frame | undefined): string {
  return frame === undefined ? "" : `${normaliseFunctionName(frame.function)}:${frame.line}`;
}

/** The service's own frames on the way to the `go` statement, innermost first: the nearest stack that has any. */
function findOwnFrames(
  start: Spawn,
  byId: ReadonlyMap<number, Spawn>,
  dump: DumpView,
): readonly Frame[] {
  let spawn: Spawn | undefined = start;
  for (let step = 0; spawn !== undefined && step < PARENTS_MAX; step++) {
    const own = spawn.frames.filter((frame) => dump.isApp(frame));
    if (own.length > 0) return own;
    spawn = spawn.parentId === undefined ? undefined : byId.get(spawn.parentId);
  }
  return [];
}

/** @param lines own frames of each start */
function nameLine(finding: Finding, lines: readonly (readonly Frame[])[]): Finding {
  const byLine = [...Map.groupBy(lines, ([line]) => spawnKey(line)).values()].toSorted(
    (left, right) => right.length - left.length,
  );
  const [most] = byLine;
  const frame = most?.[0]?.[0];
  if (most === undefined || frame === undefined) return finding;
  const known = finding.evidence.filter(({ text }) => !text.includes("started them on behalf of"));
  return {
    ...finding,
    ...(most.length >= lines.length * OPEN_FIRST_SHARE_MIN ? { creator: frame } : {}),
    evidence: [...known, describeLines(finding, byLine, lines.length)],
  };
}

function describeLines(
  { creator }: Finding,
  byLine: readonly (readonly (readonly Frame[])[])[],
  total: number,
): Evidence {
  const shown = byLine.slice(0, LINES_SHOWN_MAX);
  const places = shown.map((starts) => {
    const [line, caller] = starts[0] as readonly Frame[];
    const share = `${describeFrame(line as Frame)} ${Math.round((100 * starts.length) / total)} %`;
    return caller === undefined ? share : `${share}, called by ${describeFrame(caller)}`;
  });
  const name = creator === undefined ? "a library" : describeFrame(creator);
  return {
    text: `An execution trace saw ${total} of them start: ${name} did so on behalf of ${places.join("; ")}.`,
    frames: shown.flatMap((starts) => starts[0] ?? []),
  };
}
