/** How long work has gone on for a client that is gone. */
import { ABORTED_AT_LABEL, type GoroutineDump, type GoroutineGroup } from "@watertight/profile";

/** The dump with the moment of each request's end as a label `abortedSeconds`, to `nowMs`. */
export function tellAborted(dump: GoroutineDump, nowMs: number): GoroutineDump {
  return { ...dump, groups: dump.groups.map((group) => tellGroup(group, nowMs)) };
}

function tellGroup(group: GoroutineGroup, nowMs: number): GoroutineGroup {
  const { [ABORTED_AT_LABEL]: abortedAt, ...labels } = group.labels;
  if (abortedAt === undefined) return group;
  const seconds = Math.max(0, Math.floor((nowMs - Number(abortedAt)) / 1000));
  return { ...group, labels: { abortedSeconds: String(seconds), ...labels } };
}
