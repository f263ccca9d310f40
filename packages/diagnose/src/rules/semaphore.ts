/**
 * Goroutines wait for a place in a semaphore whose places were never given back:
 * a send on a full buffered channel, or `semaphore.Weighted.Acquire`.
 *
 * A channel send is a semaphore when the same function, and what it calls, goes on with the work that the place is for;
 * the dump shows it as many goroutines of live requests at one send, and nobody further down.
 *
 * Looks alike: a semaphore under load. Its holders are in the dump, at a later line of the same function.
 */
import { contextArgument } from "../view/context-words.ts";
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import { sendSourceOf } from "../view/wait-source.ts";
import { countWorkers } from "../view/body-count.ts";
import type { Rule, RuleMatch } from "./rule.ts";
import { atSite, hasFunction, stackEvidence, waitsInOwnCode } from "../evidence.ts";

const ACQUIRE = /\/semaphore\.\(\*Weighted\)\.Acquire$/;

export const semaphore: Rule = {
  cause: "semaphore",
  fix: {
    summary: "Give the place back on every path: defer the release right after the acquire.",
    example: `// before
sem <- struct{}{}
if err := work(); err != nil {
	return err // keeps its place
}
<-sem

// after
sem <- struct{}{}
defer func() { <-sem }()
return work()`,
  },
  match(view, dump) {
    if (view.siteIndex < 0) return undefined;
    const isWeighted = hasFunction(view, ACQUIRE);
    const isChannel =
      view.wait === "chan send" &&
      view.serves !== undefined &&
      waitsInOwnCode(view) &&
      !handsOver(view, dump);
    if (!isWeighted && !isChannel) return undefined;
    const holders = countHolders(view, dump);
    const evidence = [
      stackEvidence(view, `The goroutines wait for a place ${atSite(view)}.`),
      {
        text:
          holders === 0
            ? "Nobody in the dump is past that line of the function: whoever took the places did not give them back."
            : `${holders} goroutines are past that line and may hold a place.`,
      },
    ];
    return {
      title: "A semaphore's places are not given back",
      ...patienceOf(holders, view, dump),
      evidence,
    };
  },
};

/** What stands for a place: the same for everybody who takes one. */
const PLACE = /^(?:struct\{\}\{\}|true|false|nil|\d+)$/;

/** By the source, what is sent is more than a place; without it, the function was handed something to send. */
function handsOver(view: GroupView, dump: DumpView): boolean {
  const send = sendSourceOf(view, dump);
  return send === undefined ? passesValue(view, dump) : !PLACE.test(send.value);
}

/**
 * The function that sends was handed something besides its receiver: a queue's `publish(event)`, say. Who takes a place
 * hands over nothing, or a context (two words).
 */
function passesValue(view: GroupView, dump: DumpView): boolean {
  const caller = view.group.frames[view.siteIndex + 1];
  if (caller === undefined || !dump.isApp(caller)) return false;
  const wordCounts = view.group.witnesses.map(({ words }) => words[view.siteIndex]?.length ?? 0);
  const context = contextArgument(view, dump) === view.site ? 2 : 0;
  return wordCounts.length > 0 && Math.min(...wordCounts) - context > 1;
}

/** When nobody else is at work in the whole service, nobody holds a place. */
function patienceOf(
  holders: number,
  view: GroupView,
  dump: DumpView,
): Pick<RuleMatch, "patience" | "countMin"> {
  if (holders > 0) return { patience: "capacity" };
  const others = countWorkers(dump) - view.group.count;
  return others <= 1 ? { patience: "forgotten", countMin: 5 } : { patience: "never-idle" };
}

/** Goroutines that are in the same function, but past the wait. */
function countHolders(view: GroupView, dump: DumpView): number {
  const name = view.functions[view.siteIndex] as string;
  let holders = 0;
  for (const other of dump.groupsInside(name)) {
    if (other === view || other.group.frames[other.siteIndex]?.line === view.site?.line) continue;
    holders += other.group.count;
  }
  return holders;
}
