/** Goroutines: grouped and cheap first; leaks and full text where the budget allows them. */
import {
  type GoroutineDump,
  goroutinesFromProfile,
  GoroutineTextDecoder,
  ProfileError,
  RUNTIME_DUMP_BYTES_MAX,
} from "@watertight/profile";
import {
  type CaptureCost,
  estimateLeakCost,
  estimateTextBytes,
  estimateTextCost,
  findExceeded,
} from "./budget.ts";
import { captureNodeTasks } from "./capture-node-tasks.ts";
import { decodeProfile } from "./capture-profiles.ts";
import type { CaptureKind } from "./capture-record.ts";
import type { CaptureDraft } from "./draft.ts";
import { CaptureError } from "./errors.ts";
import { describePlace } from "./exchange.ts";
import { formatBytes, formatCount, formatMs, formatPercent, roundUp } from "./quantity.ts";
import { readVersionFromFrames } from "./runtime-version.ts";

/** Takes what the budget allows of the goroutines, the leak profile or both. */
export async function captureGoroutines(
  draft: CaptureDraft,
  kinds: ReadonlySet<CaptureKind>,
): Promise<void> {
  if (draft.service.runtime === "node") {
    await captureNodeTasks(draft, kinds);
    return;
  }
  const grouped = await fetchGrouped(draft, "goroutine");
  const version = readVersionFromFrames(grouped);
  if (version !== undefined && draft.service.runtimeVersion === undefined) {
    draft.add({ runtimeVersion: version });
  }
  if (kinds.has("goroutines")) draft.add({ goroutines: grouped });
  // In this order: the runtime goes on marking in its text what the leak profile has found.
  if (kinds.has("leaks")) await draft.attempt(() => captureLeaks(draft, grouped));
  if (kinds.has("goroutines")) await draft.attempt(() => captureText(draft, grouped));
}

async function fetchGrouped(
  draft: CaptureDraft,
  name: "goroutine" | "goroutineleak",
): Promise<GoroutineDump> {
  const path = `${draft.service.root}/${name}?debug=0`;
  const isCheap = name === "goroutine";
  const fetched = await (isCheap
    ? draft.session.fetchCheap({ path })
    : draft.session.fetchBytes({ path }));
  await draft.keepRaw(`${name}.pb.gz`, fetched.body);
  return goroutinesFromProfile(await decodeProfile(draft, fetched.body, path));
}

async function captureLeaks(draft: CaptureDraft, grouped: GoroutineDump): Promise<void> {
  const { profiles } = draft.service;
  if (profiles && !profiles.has("goroutineleak")) {
    draft.note(
      "The service has no leak profile (goroutineleak, in services built with Go 1.27): nothing here is proven by the runtime.",
    );
    return;
  }
  const refusal = explainRefusal(draft, estimateLeakCost(grouped));
  if (refusal !== undefined) {
    draft.note(
      `goroutineleak was not requested: with ${formatCount(grouped.total)} goroutines ${refusal}`,
    );
    return;
  }
  const leaked = await fetchGrouped(draft, "goroutineleak");
  draft.add({ leaked: { ...leaked, leakProfile: true } });
}

async function captureText(draft: CaptureDraft, grouped: GoroutineDump): Promise<void> {
  const { total } = grouped;
  const refusal = explainRefusal(draft, estimateTextCost(total, estimateTextBytes(grouped)));
  if (refusal !== undefined) {
    draft.note(
      `goroutine?debug=2 was not requested: with ${formatCount(total)} goroutines ${refusal} ` +
        "The grouped stacks (debug=0) that were taken instead carry no ids, ages or creators.",
    );
    return;
  }
  await streamText(draft, grouped);
}

/** Why a cost is beyond the budget and which flag would allow it; undefined when it is within. */
function explainRefusal(draft: CaptureDraft, cost: CaptureCost): string | undefined {
  const { budget, bytes } = draft.session;
  const remaining = { ...budget, bytesMax: budget.bytesMax - bytes };
  switch (findExceeded(cost, remaining)) {
    case "standstillMs":
      return (
        `it would stop the service for about ${formatMs(cost.standstillMs)} in total, ` +
        `the budget allows ${formatMs(budget.standstillMs)} ` +
        `(--budget-ms ${roundUp(cost.standstillMs)} would allow it).`
      );
    case "bytesMax":
      return (
        `it would fetch about ${formatBytes(cost.bytes)}, ` +
        `the budget has ${formatBytes(remaining.bytesMax)} left ` +
        `(--budget-bytes ${roundUp(bytes + cost.bytes)} would allow it).`
      );
    case undefined:
      return undefined;
  }
}

async function streamText(draft: CaptureDraft, grouped: GoroutineDump): Promise<void> {
  const path = `${draft.service.root}/goroutine?debug=2`;
  const decoder = new GoroutineTextDecoder();
  const file = await draft.rawFiles?.open("goroutine.txt");
  let bytes = 0;
  let failure: unknown;
  try {
    await draft.session.fetch({
      path,
      sink: async (chunk) => {
        bytes += chunk.length;
        decoder.push(chunk);
        await file?.write(chunk);
      },
    });
  } catch (fault) {
    failure = fault;
  }
  const dump = finishText(decoder);
  const isWhole = failure === undefined && bytes < RUNTIME_DUMP_BYTES_MAX;
  if (dump) draft.add({ goroutines: isWhole ? dump : markCut(draft, dump, grouped) });
  if (file && bytes > 0) draft.nameRaw("goroutine.txt", await file.commit());
  else await file?.discard();
  if (failure !== undefined) throw failure;
  if (!dump) {
    const where = describePlace(draft.session.connection, path);
    throw new CaptureError("WT_CAPTURE_PROFILE_INVALID", `${where} holds no goroutine`);
  }
}

/** What was decoded; undefined when there was no goroutine in it. */
function finishText(decoder: GoroutineTextDecoder): GoroutineDump | undefined {
  try {
    const dump = decoder.finish();
    return dump.covered > 0 ? dump : undefined;
  } catch (fault) {
    if (fault instanceof ProfileError) return undefined;
    throw fault;
  }
}

/** States the coverage of a dump that was cut, by the count of the grouped profile. */
function markCut(draft: CaptureDraft, dump: GoroutineDump, grouped: GoroutineDump): GoroutineDump {
  const total = Math.max(grouped.total, dump.covered);
  const share = formatPercent(dump.covered / total);
  draft.note(
    `The full text of the goroutines was cut: ${formatCount(dump.covered)} of ${formatCount(total)} (${share}) are in it.`,
  );
  return { ...dump, total, truncated: true };
}
