/**
 * What the names around a suspended task say. JavaScript has no lock and no channel of its own:
 * every program writes or brings them, and calls them what they are.
 */
import { describeFrame } from "../../evidence.ts";
import type { Evidence, Frame } from "@watertight/finding";
import type { GroupView } from "../../view/group-view.ts";
import { wordsOf } from "../../node/name-words.ts";
import { tellWaker } from "./tell-waker.ts";

/** Words of the functions that wait: the innermost ones, up to the first that is the service's own. */
export function waitingWords(view: GroupView): ReadonlySet<string> {
  return wordsOf(view.functions.slice(0, Math.max(view.siteIndex, 0) + 1).join(" "));
}

/** Words of what holds the task's wake-up. */
export function wakerWords({ group }: GroupView): ReadonlySet<string> {
  return wordsOf(group.waker ?? "");
}

/** True when any of the words is among those wanted. */
export function hasWord(words: ReadonlySet<string>, wanted: readonly string[]): boolean {
  return wanted.some((word) => words.has(word));
}

/** True when the innermost frames belong to the channel of `@watertight/flow`. */
export function waitsInFlow(view: GroupView): boolean {
  const inner = view.group.frames.slice(0, view.siteIndex < 0 ? undefined : view.siteIndex);
  return inner.some(({ file }) => /flow\/(?:src|dist)\/(?:.*\/)?(?:channel|select)/.test(file));
}

/** The line to open first: the one that called the outermost function that waits, or where that waits itself. */
export function creatorOf({ group, bodyIndex, siteIndex }: GroupView): Frame | undefined {
  const { createdBy } = group;
  const isCaller =
    createdBy !== undefined && !group.frames.some((frame) => isSameLine(frame, createdBy));
  if (isCaller) return createdBy;
  return bodyIndex > siteIndex ? group.frames[bodyIndex] : undefined;
}

function isSameLine(one: Frame, other: Frame): boolean {
  return one.file === other.file && one.line === other.line;
}

/** The await, its stack, its requests and who could wake it. */
export function taskEvidence(view: GroupView, text: string): readonly Evidence[] {
  const { group } = view;
  const ids = [...group.ids.subarray(0, 10)];
  const stack: Evidence = { text, frames: group.frames, ...(ids.length === 0 ? {} : { ids }) };
  const requests = describeRequests(group.labels);
  return [
    stack,
    ...(group.waker === undefined || group.waker === "" || group.leaked > 0
      ? []
      : [{ text: `Only this could wake them: ${tellWaker(group.waker)}.` }]),
    ...(requests === "" ? [] : [{ text: `They belong to ${requests}.` }]),
  ];
}

/** `at loadPrice (price.ts:12)`. */
export function atAwait(view: GroupView): string {
  const frame = view.site ?? view.group.frames[0];
  return frame === undefined ? "at an unknown place" : `at ${describeFrame(frame)}`;
}

function describeRequests(labels: Readonly<Record<string, string>>): string {
  const { signal: _signal, abortedSeconds: _seconds, ...request } = labels;
  // That some request was a GET says nothing.
  if (Object.keys(request).every((key) => key === "method")) return "";
  return Object.entries(request)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
}
