/**
 * Which runtime a goroutine text or profile is of. Both write one grammar; only what stands in
 * it tells: Node's tasks wait in states that Go has not, at places that are scripts.
 */
import type { GoroutineDump, GoroutineGroup } from "./goroutine-dump.ts";

const NODE_STATES: ReadonlySet<string> = new Set(["await", "yield", "vanished"]);
const SCRIPT = /^(?:node|file):|\.[cm]?[jt]sx?$/;
/** Under this label the text carries who could wake a task; the grammar has no place for it. */
const WAKER_LABEL = "waker";

function isNodeGroup({ state, frames }: GoroutineGroup): boolean {
  if (NODE_STATES.has(state)) return true;
  return state === "" && frames.some(({ file }) => SCRIPT.test(file));
}

/** Says what a decoded dump is of, and gives the label of who could wake a task its own place. */
export function settleRuntime(dump: GoroutineDump): GoroutineDump {
  if (dump.groups.length === 0 || !dump.groups.every(isNodeGroup)) return dump;
  return { ...dump, runtime: "node", groups: dump.groups.map(liftWaker) };
}

function liftWaker(group: GoroutineGroup): GoroutineGroup {
  const { [WAKER_LABEL]: waker, ...labels } = group.labels;
  return waker === undefined ? group : { ...group, labels, waker };
}

/** A profile of Node's tasks has their state as a label, since no stack could tell it. */
export function readTaskState(labels: Readonly<Record<string, string>>): {
  readonly taskState: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
} {
  const { state, ...rest } = labels;
  if (state === undefined || !NODE_STATES.has(state)) return { taskState: undefined, labels };
  return { taskState: state, labels: rest };
}

/** The labels of a group as the text writes them. */
export function writtenLabels({ labels, waker }: GoroutineGroup): readonly [string, string][] {
  const pairs = Object.entries(labels);
  return waker === undefined
    ? pairs
    : [...pairs, [WAKER_LABEL, waker] as [string, string]].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
