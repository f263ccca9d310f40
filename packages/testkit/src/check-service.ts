/** What a load leaves behind in a service, from its captures before and after. */
import { setTimeout as sleep } from "node:timers/promises";
import { capture, probe, type CaptureRecord, type PprofService } from "@watertight/capture";
import { diagnose, groupKey } from "@watertight/diagnose";
import type { Finding } from "@watertight/finding";
import type { GoroutineDump, GoroutineGroup } from "@watertight/profile";
import { TestkitError } from "./errors.ts";
import { LeakError, reportService } from "./leak-error.ts";
import type { VerifyServiceOptions } from "./verify-service.ts";

const SETTLE_MS_DEFAULT = 5_000;
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 1_000;

/** As `verifyService` says. */
export async function checkService(
  url: string,
  load: () => unknown,
  options: VerifyServiceOptions = {},
): Promise<void> {
  const service = await probe(url, options);
  if (options.warmUp !== "none") await load();
  const before = await captureRested(service, undefined, options);
  await load();
  const after = await captureRested(service, before, options);
  const findings = findSurplus(before, after, options);
  if (findings.length > 0) throw new LeakError(reportService(after, findings));
}

/** Without a baseline at once; with one as soon as nothing is left, or when the time is over. */
async function captureRested(
  service: PprofService,
  baseline: CaptureRecord | undefined,
  options: VerifyServiceOptions,
): Promise<CaptureRecord> {
  const endMs = performance.now() + (options.settleMs ?? SETTLE_MS_DEFAULT);
  let pauseMs = PAUSE_MS_FIRST;
  for (;;) {
    const beganMs = performance.now();
    const latest = await captureWork(service, options);
    const nowMs = performance.now();
    if (nowMs >= endMs || isRested(baseline, latest, options)) return latest;
    // A capture holds the service up: it is left alone for at least as long.
    await sleep(Math.min(Math.max(pauseMs, nowMs - beganMs), endMs - nowMs));
    pauseMs = Math.min(PAUSE_MS_MAX, pauseMs * 2);
  }
}

function isRested(
  baseline: CaptureRecord | undefined,
  latest: CaptureRecord,
  options: VerifyServiceOptions,
): boolean {
  return baseline === undefined || findSurplus(baseline, latest, options).length === 0;
}

async function captureWork(
  service: PprofService,
  { budget = {}, ...options }: VerifyServiceOptions,
): Promise<CaptureRecord> {
  const record = await capture(service, ["goroutines"], budget, options);
  if (record.goroutines === undefined) {
    const why = record.problems[0]?.message ?? "no goroutine profile arrived";
    throw new TestkitError("WT_TESTKIT_SERVICE_SILENT", why);
  }
  return record;
}

function findSurplus(
  before: CaptureRecord,
  after: CaptureRecord,
  { surplusMax = 0 }: VerifyServiceOptions,
): readonly Finding[] {
  const surplus = surplusOf(before.goroutines as GoroutineDump, after.goroutines as GoroutineDump);
  const { findings } = diagnose([{ ...after, goroutines: surplus }], { expect: "nothing-left" });
  return findings.filter(({ count }) => count > surplusMax);
}

/** The later dump with only those members that the earlier one does not account for. */
function surplusOf(before: GoroutineDump, after: GoroutineDump): GoroutineDump {
  const known = new Map<string, number>();
  const knownIds = new Set(before.groups.flatMap(({ ids }) => [...ids]));
  for (const group of before.groups) {
    const key = groupKey(group);
    known.set(key, (known.get(key) ?? 0) + group.count);
  }
  const groups = after.groups.flatMap((group): readonly GoroutineGroup[] => {
    const key = groupKey(group);
    const allowed = known.get(key) ?? 0;
    const count = Math.max(0, group.count - allowed);
    known.set(key, Math.max(0, allowed - group.count));
    return count === 0 ? [] : [{ ...group, ...withoutKnown(group, knownIds), count }];
  });
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  return { ...after, groups, total, covered: total };
}

function withoutKnown(
  { ids, witnesses, leaked, count }: GoroutineGroup,
  known: ReadonlySet<number>,
): Pick<GoroutineGroup, "ids" | "witnesses" | "leaked"> {
  const fresh = ids.filter((id) => !known.has(id));
  return {
    ids: fresh,
    witnesses: witnesses.filter(({ id }) => !known.has(id)),
    leaked: Math.min(leaked, fresh.length === 0 ? count : fresh.length),
  };
}
