/**
 * Tasks from an agent inside Node. Each of its profiles costs the process a heap snapshot, so
 * one is asked for: the text, which has everything, what is proven stuck included. The census
 * that comes after it is of the same snapshot.
 */
import { type GoroutineDump, GoroutineTextDecoder, type HeapCensus } from "@watertight/profile";
import type { CaptureKind } from "./capture-record.ts";
import type { CaptureDraft } from "./draft.ts";
import { CENSUS_BYTES_MAX, decodeCensus } from "./tasks/census-json.ts";

/** The profile's name in its URL. */
const CENSUS = "census";

/** Takes the tasks, what is proven stuck of them, or both. */
export async function captureNodeTasks(
  draft: CaptureDraft,
  kinds: ReadonlySet<CaptureKind>,
): Promise<void> {
  const { root, profiles } = draft.service;
  const { taskStandstillMs } = draft.session.budget;
  const budget = taskStandstillMs === undefined ? "" : `&standstill_ms=${taskStandstillMs}`;
  const { body } = await draft.session.fetchBytes({
    path: `${root}/goroutine?debug=2${budget}`,
    // Nothing is answered before the whole heap was read.
    limits: { headerMs: draft.session.connection.limits.totalMs },
  });
  await draft.keepRaw("goroutine.txt", body);
  const decoder = new GoroutineTextDecoder();
  decoder.push(body);
  const goroutines = body.length === 0 ? NO_TASKS : decoder.finish();
  if (kinds.has("leaks")) draft.add({ leaked: keepStuck(goroutines) });
  if (!kinds.has("goroutines")) return;
  draft.add({ goroutines });
  // An agent from before there was a census does not list it.
  if (profiles?.has(CENSUS) === false) return;
  await draft.attempt(async () => {
    const census = await fetchCensus(draft);
    draft.add({ goroutines: { ...goroutines, census } });
  });
}

async function fetchCensus(draft: CaptureDraft): Promise<HeapCensus> {
  const { body } = await draft.session.fetchBytes({
    path: `${draft.service.root}/${CENSUS}`,
    limits: { wireBytesMax: CENSUS_BYTES_MAX },
  });
  const { census, notes } = decodeCensus(body);
  await draft.keepRaw("census.json", body);
  for (const note of notes) draft.note(note);
  return census;
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
