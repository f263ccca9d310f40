/**
 * A `sync.Once` whose function calls `Do` of the same Once again: it waits for itself. The stack shows
 * `doSlow` twice with one address.
 *
 * Looks alike: many goroutines that wait for the first use of something slow: one `doSlow` each.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence } from "./evidence.ts";

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
    if (view.wait !== "mutex") return undefined;
    const isSame = isReentrant(view);
    if (!isSame && !waitsForReentrant(view, dump)) return undefined;
    return {
      title: `sync.Once waits for itself ${atSite(view)}`,
      patience: "never-ends",
      certaintyMax: "proven",
      evidence: [
        stackEvidence(
          view,
          isSame
            ? "sync.(*Once).doSlow is on this stack twice: the function that Do runs calls Do again, and waits for its own end."
            : "The goroutine waits for a sync.Once whose function waits for itself in another goroutine.",
        ),
      ],
    };
  },
};

function onceFrames(view: GroupView): readonly number[] {
  return view.functions.flatMap((name, index) => (name === "sync.(*Once).doSlow" ? [index] : []));
}

/** `doSlow` twice; with one address where the words say so. */
function isReentrant(view: GroupView): boolean {
  const frames = onceFrames(view);
  if (frames.length < 2) return false;
  const inner = frames[0] as number;
  if (view.siteIndex >= 0 && inner > view.siteIndex) return false;
  return view.group.witnesses.every(({ words }) => {
    const addresses = frames
      .map((index) => words[index]?.[0])
      .filter((word) => word !== undefined && word > 0xffff);
    return addresses.length < 2 || new Set(addresses).size < addresses.length;
  });
}

function waitsForReentrant(view: GroupView, dump: DumpView): boolean {
  const inner = onceFrames(view)[0];
  if (inner === undefined || (view.siteIndex >= 0 && inner > view.siteIndex)) return false;
  const address = view.group.witnesses[0]?.words[inner]?.[0];
  return dump
    .groupsInside("sync.(*Once).doSlow")
    .some(
      (other) =>
        other !== view &&
        isReentrant(other) &&
        other.group.witnesses.some(({ words }) =>
          onceFrames(other).some((index) => words[index]?.[0] === address),
        ),
    );
}
