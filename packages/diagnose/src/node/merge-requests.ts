/**
 * Suspended tasks without their requests. A capture of Node groups tasks by request as well, which
 * with an id per request leaves groups of one; a leak is judged over all requests.
 */
import {
  SIGNAL_ABORTED,
  SIGNAL_LABEL,
  type GoroutineDump,
  type GoroutineGroup,
} from "@watertight/profile";
import { awaitKey } from "../stack/group-key.ts";
import { uniteIds } from "../series/sorted-ids.ts";

/** What the labels of a group's members say about whoever wanted their work. */
export interface RequestTally {
  /** Members of a request whose client left, or that hold an aborted signal. */
  readonly unwanted: number;
  /** Longest time that a member goes on after its client left, seconds; 0 when no label says. */
  readonly abortedSecondsMax: number;
  /** Members whose request is known and goes on. */
  readonly wanted: number;
}

const NOBODY: RequestTally = { unwanted: 0, abortedSecondsMax: 0, wanted: 0 };
const tallies = new WeakMap<GoroutineGroup, RequestTally>();

/** Who wanted the work of a merged group's members. */
export function tallyOf(group: GoroutineGroup): RequestTally {
  return tallies.get(group) ?? NOBODY;
}

/** The dump with tasks of one await stack in one group, whatever request they belong to. */
export function mergeRequests(dump: GoroutineDump): GoroutineDump {
  const byKey = new Map<string, GoroutineGroup[]>();
  for (const group of dump.groups) {
    const key = awaitKey(group);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [group]);
    else same.push(group);
  }
  const groups = [...byKey.values()].map(mergeGroups);
  return { ...dump, groups: groups.toSorted((a, b) => b.count - a.count) };
}

function mergeGroups(groups: readonly GoroutineGroup[]): GoroutineGroup {
  const sum = (of: (group: GoroutineGroup) => number): number =>
    groups.reduce((total, group) => total + of(group), 0);
  const largest = groups.reduce((best, next) => (next.count > best.count ? next : best));
  const waker = groups.find((group) => group.waker !== undefined)?.waker;
  const merged: GoroutineGroup = {
    ...largest,
    count: sum(({ count }) => count),
    leaked: sum(({ leaked }) => leaked),
    labels: joinLabels(groups),
    ids: uniteIds(groups.map(({ ids }) => ids)),
    ...(waker === undefined ? {} : { waker }),
  };
  tallies.set(merged, {
    unwanted: sum((group) => (isUnwanted(group) ? group.count : 0)),
    wanted: sum((group) => (isRequest(group) && !isUnwanted(group) ? group.count : 0)),
    abortedSecondsMax: Math.max(...groups.map(abortedSeconds)),
  });
  return merged;
}

function isUnwanted({ labels }: GoroutineGroup): boolean {
  return labels[SIGNAL_LABEL] === SIGNAL_ABORTED || labels["abortedSeconds"] !== undefined;
}

function isRequest({ labels }: GoroutineGroup): boolean {
  return labels["route"] !== undefined || labels["method"] !== undefined;
}

function abortedSeconds({ labels }: GoroutineGroup): number {
  return Number(labels["abortedSeconds"] ?? 0) || 0;
}

const VALUES_SHOWN_MAX = 3;

/** Each label with its values, a few of them when they differ. */
function joinLabels(groups: readonly GoroutineGroup[]): Readonly<Record<string, string>> {
  const values = new Map<string, Set<string>>();
  for (const { labels } of groups) {
    for (const [key, value] of Object.entries(labels)) {
      const known = values.get(key) ?? new Set<string>();
      if (known.size <= VALUES_SHOWN_MAX) known.add(value);
      values.set(key, known);
    }
  }
  return Object.fromEntries(
    [...values].map(([key, all]) => {
      const shown = [...all].slice(0, VALUES_SHOWN_MAX).join(", ");
      return [key, all.size > VALUES_SHOWN_MAX ? `${shown}, …` : shown];
    }),
  );
}
