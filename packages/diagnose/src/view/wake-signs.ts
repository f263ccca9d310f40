/** Signs that a goroutine wakes up and waits again, which the text of a dump does not say outright. */
import type { DumpView } from "./dump-view.ts";
import type { GroupView } from "./group-view.ts";

const MILLISECOND_NS = 1e6;
const HOUR_NS = 3.6e12;

/**
 * A `time.Duration` among the arguments of the group's own frames, in milliseconds: a whole number of
 * milliseconds, the same for every witness. Undefined when there is none.
 */
export function periodArgument(view: GroupView): number | undefined {
  const first = view.group.witnesses[0];
  if (first === undefined || view.siteIndex < 0) return undefined;
  for (let index = view.siteIndex; index < view.functions.length; index++) {
    if (view.functions[index]?.startsWith("net/http.") === true) return undefined;
    for (const [at, word] of (first.words[index] ?? []).entries()) {
      if (!isPeriod(word)) continue;
      if (view.group.witnesses.every(({ words }) => words[index]?.[at] === word))
        return word / MILLISECOND_NS;
    }
  }
  return undefined;
}

function isPeriod(word: number): boolean {
  return word >= MILLISECOND_NS && word <= HOUR_NS && word % MILLISECOND_NS === 0;
}

/**
 * True when goroutines that were started later have waited for minutes and these, which are older, have not:
 * the runtime starts the age anew at each wait. The stamp is set by the garbage collector, at least every two minutes.
 */
export function wakesAgain(view: GroupView, dump: DumpView): boolean {
  if (view.group.age.stamped > 0) return false;
  const newest = view.group.ids.at(-1);
  if (newest === undefined) return false;
  return dump.youngestAgedId > newest;
}
