/**
 * The task dump by itself, before any rule: are the stuck tasks in it, at the right await, and
 * is what can never wake proven, and nothing else?
 */
import type { GoroutineGroup } from "@watertight/profile";
import type { ProgramRun } from "./capture-program.ts";
import { isAt } from "../score.ts";

/** Share of the requests' stuck tasks that the dump must hold: load reorders who is first. */
const SEEN_SHARE = 0.6;

export interface DumpScore {
  readonly name: string;
  readonly twin: string;
  /** Programs whose leak is suspended tasks. */
  readonly isExpected: boolean;
  /** As many tasks as the truth says stand at the marked await, or at a caller's marked line. */
  readonly isInDump: boolean;
  /** The innermost frame in the program's own file is the marked await. */
  readonly isAwaitExact: boolean;
  readonly isProofExpected: boolean;
  readonly isProven: boolean;
  /** Tasks that are called proven stuck in a healthy program. */
  readonly falselyProven: number;
}

/** Scores the last capture of a run. */
export function scoreDump({ program, captures }: ProgramRun): DumpScore {
  const last = captures.at(-1);
  const groups = last?.goroutines?.groups ?? [];
  const leak = program.leaks.find(({ shows }) => shows === "tasks");
  const own = groups.filter((group) => ownFrame(group, program.name) !== undefined);
  const sites = leak?.sites ?? [];
  const creators = leak?.creators ?? [];
  const atSite = own.filter((group) => isAt(ownFrame(group, program.name), sites));
  const near = own.filter((group) =>
    group.frames.some((frame) => isAt(frame, [...sites, ...creators])),
  );
  const needed = SEEN_SHARE * (leak?.perRequest ?? 0) * (last?.requestsServed ?? 0);
  return {
    name: program.name,
    twin: program.twin,
    isExpected: leak !== undefined,
    isInDump: leak !== undefined && countOf(near) >= needed,
    isAwaitExact: leak !== undefined && countOf(atSite) >= needed,
    isProofExpected: leak?.isProven === true,
    isProven: atSite.some(({ leaked }) => leaked > 0),
    falselyProven:
      program.twin === "healthy" ? groups.reduce((sum, { leaked }) => sum + leaked, 0) : 0,
  };
}

/** The innermost frame that is the program's. */
function ownFrame(
  group: GoroutineGroup,
  name: string,
): GoroutineGroup["frames"][number] | undefined {
  return group.frames.find(({ file }) => file.includes(`/${name}/`));
}

function countOf(groups: readonly GoroutineGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}
