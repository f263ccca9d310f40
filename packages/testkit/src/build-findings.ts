/** From leaks to findings: those of one cause, place and creator are one. */
import {
  distinguishFindings,
  fingerprintFinding,
  sortFindings,
  type Evidence,
  type Finding,
  type Frame,
} from "@watertight/finding";
import { placeKey, type Leak } from "./leak.ts";
import { appFrames, ownerOf, plainFrame } from "./stack-frame.ts";

const NOTES_MAX = 4;

/** Worst first. */
export function buildFindings(leaks: readonly Leak[]): readonly Finding[] {
  const groups = new Map<string, Leak[]>();
  for (const leak of leaks) {
    const key = groupKey(leak);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [leak]);
    else group.push(leak);
  }
  return sortFindings(distinguishFindings([...groups.values()].map(describe)));
}

/** Two awaits of one line are two; two handles that one line opened, a child and its pipes, are one. */
function groupKey(leak: Leak): string {
  const keys =
    leak.unit === "tasks"
      ? [leak.site, creatorOf(leak)].map(placeKey)
      : [`${leak.site?.file}:${leak.site?.line}`];
  return [leak.cause, ...keys].join("\n");
}

/** The outermost line of the program on the stack: what set it all in motion. */
export function creatorOf(leak: Leak): Frame | undefined {
  return appFrames(leak.frames).at(-1) ?? leak.site;
}

function describe(leaks: readonly Leak[]): Finding {
  const first = leaks[0] as Leak;
  const outermost = creatorOf(first);
  const site = first.site === undefined ? undefined : plainFrame(first.site);
  const creator = outermost === undefined ? undefined : plainFrame(outermost);
  const isProven = leaks.some(({ certainty }) => certainty === "proven");
  return {
    id: fingerprintFinding({ cause: first.cause, site, creator }),
    cause: first.cause,
    kind: "work",
    runtime: "node",
    severity: isProven ? "high" : "medium",
    confidence: isProven ? 0.99 : 0.9,
    certainty: isProven ? "proven" : "likely",
    title: first.title,
    count: countOf(leaks),
    unit: first.unit,
    ...(first.state === undefined ? {} : { state: first.state }),
    ...(site === undefined ? {} : { site }),
    ...(creator === undefined ? {} : { creator }),
    evidence: gatherEvidence(leaks, first),
    fix: first.fix,
  };
}

/** One call may open several handles (a child and its pipes): they are one occurrence a title. */
function countOf(leaks: readonly Leak[]): number {
  const byTitle = new Map<string, number>();
  for (const { title } of leaks) byTitle.set(title, (byTitle.get(title) ?? 0) + 1);
  return byTitle.size === 1 ? leaks.length : (byTitle.get((leaks[0] as Leak).title) ?? 1);
}

function gatherEvidence(leaks: readonly Leak[], first: Leak): readonly Evidence[] {
  const frames = withoutOutside(first.frames).map(plainFrame);
  const stack: Evidence = {
    text:
      first.unit === "tasks"
        ? "It was suspended here when the test had ended."
        : "This is what began it, and it is left when the test has ended.",
    ...(frames.length === 0 ? {} : { frames }),
  };
  const others = leaks.filter(({ title }) => title !== first.title);
  const alike = leaks.filter(({ title }) => title === first.title);
  const notes = new Set([
    ...alike.flatMap((leak) => leak.notes),
    ...others.map(({ title }) => `${title} as well.`),
  ]);
  return [stack, ...[...notes].slice(0, NOTES_MAX).map((text) => ({ text }))];
}

/** What called the program's outermost line, and the steps in between, are the runtime's business. */
function withoutOutside(frames: readonly Frame[]): readonly Frame[] {
  return frames
    .slice(0, frames.findLastIndex((frame) => ownerOf(frame) === "app") + 1)
    .filter((frame) => ownerOf(frame) !== "runtime");
}
