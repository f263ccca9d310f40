/** Requests that vanished, as goroutines in a state of their own, so that every reader reads them. */
import type { GoroutineDump, GoroutineGroup } from "@watertight/profile";
import type { VanishedRequest } from "./vanished-requests.ts";

/** One group for each method and path. */
export function vanishedDump(requests: readonly VanishedRequest[], nowMs: number): GoroutineDump {
  const groups = [...Map.groupBy(requests, ({ method, path }) => `${method} ${path}`).values()];
  return {
    format: "goroutine-debug2",
    runtime: "node",
    leakProfile: false,
    total: requests.length,
    covered: requests.length,
    truncated: false,
    groups: groups
      .map((members) => vanishedGroup(members, nowMs))
      .toSorted((a, b) => b.count - a.count),
    problems: [],
  };
}

function vanishedGroup(members: readonly VanishedRequest[], nowMs: number): GoroutineGroup {
  const [{ method, path } = { method: "", path: "" }] = members;
  const minutes = members.map(({ startedMs }) => Math.floor((nowMs - startedMs) / 60_000));
  return {
    count: members.length,
    state: "vanished",
    frames: [{ function: `${method} ${path}`, file: "node:http", line: 1 }],
    elidedFrames: 0,
    createdBy: undefined,
    labels: { method, path },
    ids: new Float64Array(),
    age: {
      minMinutes: Math.min(...minutes),
      maxMinutes: Math.max(...minutes),
      stamped: members.length,
    },
    leaked: members.length,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: 0,
    witnesses: [],
  };
}
