/**
 * Tasks from an agent inside Node. Each of its profiles costs the process a heap snapshot, so
 * one is asked for: the text, which has everything, what is proven stuck included.
 */
import { type GoroutineDump, GoroutineTextDecoder } from "@watertight/profile";
import type { CaptureKind } from "./capture-record.ts";
import type { CaptureDraft } from "./draft.ts";

/** Takes the tasks, what is proven stuck of them, or both. */
export async function captureNodeTasks(
  draft: CaptureDraft,
  kinds: ReadonlySet<CaptureKind>,
): Promise<void> {
  const path = `${draft.service.root}/goroutine?debug=2`;
  const { body } = await draft.session.fetchBytes({ path });
  await draft.keepRaw("goroutine.txt", body);
  const decoder = new GoroutineTextDecoder();
  decoder.push(body);
  const goroutines = body.length === 0 ? NO_TASKS : decoder.finish();
  if (kinds.has("goroutines")) draft.add({ goroutines });
  if (kinds.has("leaks")) draft.add({ leaked: keepStuck(goroutines) });
}

/** A process in which nothing is suspended writes an empty text. */
const NO_TASKS: GoroutineDump = {
  format: "goroutine-debug2",
  runtime: "node",
  leakProfile: false,
  total: 0,
  covered: 0,
  truncated: false,
  groups: [],
  problems: [],
};

function keepStuck(dump: GoroutineDump): GoroutineDump {
  const groups = dump.groups
    .filter(({ leaked }) => leaked > 0)
    .map((group) => Object.assign({}, group, { count: group.leaked }));
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  return { ...dump, leakProfile: true, total, covered: total, groups };
}
