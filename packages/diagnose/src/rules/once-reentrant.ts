/**
 * A `sync.Once` whose function calls `Do` of the same Once again: it waits for itself. The stack shows
 * `doSlow` twice with one address.
 *
 * Looks alike: many goroutines that wait for the first use of something slow: one `doSlow` each.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import type { Rule } from "./rule.ts";
import { stackEvidence } from "../evidence.ts";

export const onceReentrant: Rule = {
  cause: "once-reentrant",
  fix: {
    summary: "Take the inner call out of the function that Do runs.",
    example: `// before
func load() { once.Do(func() { refresh() }) }
func refresh() { load() } // waits for itself

// after
func load() { once.Do(fill) }
func refresh() { fill() }`,
  },
  match(view, dump) {
    if (view.wait !== "mutex" || doSlowFrames(view).length === 0) return undefined;
    const nested = findNested(view, dump);
    if (nested === undefined) return undefined;
    return {
      title: "A sync.Once waits for itself",
      patience: "never-ends",
      certaintyMax: hasOneCallSite(nested) ? "proven" : "likely",
      evidence: [
        stackEvidence(
          nested,
          "sync.(*Once).doSlow is on this stack twice: the function that Do runs calls Do again, and waits for its own end.",
        ),
        ...(nested === view ? [] : [stackEvidence(view, "These wait for that Once as well.")]),
      ],
    };
  },
};

const DO_SLOW = "sync.(*Once).doSlow";

/** Indexes of `doSlow` on a stack that waits for a Once: the innermost one is the wait. */
function doSlowFrames(view: GroupView): readonly number[] {
  const indexes = view.functions.flatMap((name, index) => (name === DO_SLOW ? [index] : []));
  const inner = indexes[0];
  return inner === undefined || (view.siteIndex >= 0 && inner > view.siteIndex) ? [] : indexes;
}

/** The group that waits for itself: this one, or the one that this one waits behind. */
function findNested(view: GroupView, dump: DumpView): GroupView | undefined {
  if (isNested(view, dump)) return view;
  const addresses = addressesOf(view, dump);
  return dump
    .groupsInside(DO_SLOW)
    .find(
      (other) =>
        isNested(other, dump) && addressesOf(other, dump).some((word) => addresses.includes(word)),
    );
}

function addressesOf(view: GroupView, dump: DumpView): readonly number[] {
  return dump.locks.waitersOf(view).flatMap(({ address }) => address ?? []);
}

/** `doSlow` twice, from one line of code, or with nobody else at work in any Once. */
function isNested(view: GroupView, dump: DumpView): boolean {
  if (view.wait !== "mutex" || doSlowFrames(view).length < 2) return false;
  return hasOneCallSite(view) || !dump.groupsInside(DO_SLOW).some((other) => runsOnce(other));
}

/** Both calls of Do are the same line. */
function hasOneCallSite(view: GroupView): boolean {
  const sites = doSlowFrames(view).map((index) => callerOfDo(view, index));
  return sites.length > 1 && new Set(sites).size < sites.length;
}

function callerOfDo(view: GroupView, index: number): string {
  const above = view.functions.findIndex((name, at) => at > index && !name.startsWith("sync."));
  const frame = view.group.frames[above];
  return frame === undefined ? "" : `${frame.file}:${frame.line}`;
}

/** Inside the function that some Once runs, and not waiting for a Once itself. */
function runsOnce(view: GroupView): boolean {
  return (
    view.functions.includes(DO_SLOW) && (view.wait !== "mutex" || doSlowFrames(view).length === 0)
  );
}
