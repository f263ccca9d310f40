/** The captures of one target: read back when they are saved, taken when it runs. */
import { setTimeout as wait } from "node:timers/promises";
import {
  attach,
  capture,
  CaptureError,
  isNodeProcess,
  parseTarget,
  probe,
  readCaptures,
  type CaptureKind,
  type CaptureOptions,
  type CaptureRecord,
  type HttpTarget,
  type PidTarget,
  type PprofService,
  type RequestCounterOptions,
  type Target,
} from "@watertight/capture";
import { formatCount, pluralise } from "@watertight/finding";
import type { TargetOptions } from "../commands/target-options.ts";
import type { Progress } from "../terminal/progress.ts";
import type { Surroundings } from "../terminal/surroundings.ts";

/** How often and what to capture of a running service. */
export interface SeriesPlan {
  /** Chosen by what the captures carry when it is left out: see {@link planCaptures}. */
  readonly captures?: number | undefined;
  readonly intervalMs: number;
  readonly kinds: readonly CaptureKind[];
  /** Profiles that only the last capture takes, because they cost more and tell it all at once. */
  readonly lastKinds: readonly CaptureKind[];
  /** What to take besides, given what the series shows; a part that does not arrive is not missed. */
  readonly askMore?: (records: readonly CaptureRecord[]) => readonly CaptureKind[];
}

export interface CollectContext {
  readonly surroundings: Surroundings;
  readonly progress: Progress;
}

/**
 * Oldest first, at least one. A stop ends a series early with what it has.
 * @throws {CaptureError}
 */
export async function collectCaptures(
  text: string,
  plan: SeriesPlan,
  options: TargetOptions,
  context: CollectContext,
): Promise<readonly CaptureRecord[]> {
  const target = withPrefix(parseTarget(text), options.prefix);
  const { surroundings, progress } = context;
  if (target.kind === "http" || target.kind === "pid") {
    return await captureSeries(target, plan, options, context);
  }
  progress.show(`reading ${target.display}`);
  const path = target.kind === "stdin" ? "-" : target.path;
  return await readCaptures(path, { stdin: surroundings.stdin, signal: surroundings.stop });
}

/** Finds the service's pprof, as the options say that it is reached. */
export async function findService(
  text: string,
  options: TargetOptions,
  surroundings: Surroundings,
): Promise<PprofService> {
  const target = withPrefix(parseTarget(text), options.prefix);
  const running = target as HttpTarget | PidTarget;
  return await probe(running, connectionOf(options, surroundings));
}

async function captureSeries(
  target: HttpTarget | PidTarget,
  plan: SeriesPlan,
  options: TargetOptions,
  context: CollectContext,
): Promise<readonly CaptureRecord[]> {
  const { surroundings, progress } = context;
  progress.show(`looking for pprof at ${target.display}`);
  const source = await openSource(target, options, surroundings);
  const records: CaptureRecord[] = [];
  try {
    for (let index = 0; index < planCaptures(plan, records); index += 1) {
      if (index > 0 && !(await waited(plan.intervalMs, surroundings.stop))) break;
      const captures = planCaptures(plan, records);
      progress.show(describeStep(index, captures, records.at(-1)));
      const isLast = index === captures - 1;
      const kinds = isLast ? [...plan.kinds, ...plan.lastKinds] : plan.kinds;
      records.push(await source.capture(kinds));
    }
    await takeMore(source, plan, records);
  } finally {
    await source.close();
  }
  return records;
}

/** Adds the further parts to the last capture of the series. */
async function takeMore(
  source: CaptureSource,
  { askMore }: SeriesPlan,
  records: CaptureRecord[],
): Promise<void> {
  const last = records.at(-1);
  const kinds = askMore?.(records) ?? [];
  if (last === undefined || kinds.length === 0) return;
  try {
    const { spawns, bytes } = await source.capture(kinds);
    if (spawns === undefined) return;
    records.splice(-1, 1, { ...last, spawns, bytes: last.bytes + bytes });
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
  }
}

/** What captures of a running target are taken from. */
interface CaptureSource {
  capture(kinds: readonly CaptureKind[]): Promise<CaptureRecord>;
  close(): Promise<void>;
}

/** Its pprof; for a process of Node that serves none, its inspector. */
async function openSource(
  target: HttpTarget | PidTarget,
  options: TargetOptions,
  surroundings: Surroundings,
): Promise<CaptureSource> {
  const service = await probe(target, connectionOf(options, surroundings)).catch(
    async (error: unknown) => {
      const isNode = target.kind === "pid" && (await isNodeProcess(target.pid));
      if (!isNode || surroundings.stop.aborted) throw error;
      return undefined;
    },
  );
  if (service === undefined) {
    const { budgetMs } = options;
    const budget = budgetMs === undefined ? {} : { standstillMs: budgetMs };
    return await attach((target as PidTarget).pid, { budget });
  }
  return {
    capture: (kinds) => captureOnce(service, kinds, options, surroundings),
    close: async () => {},
  };
}

const CAPTURES_WITH_IDS = 4;
const CAPTURES_WITHOUT_IDS = 8;
const FORMATS_WITH_IDS: ReadonlySet<string> = new Set(["goroutine-debug2", "heap-snapshot"]);

/**
 * Four captures that carry goroutine ids tell who stays. Where the budget allows only grouped
 * stacks there are counts alone, and four of them make no trend that chance would not.
 */
function planCaptures(plan: SeriesPlan, records: readonly CaptureRecord[]): number {
  if (plan.captures !== undefined) return plan.captures;
  const format = records.at(-1)?.goroutines?.format;
  const hasIds = format === undefined || FORMATS_WITH_IDS.has(format);
  return hasIds ? CAPTURES_WITH_IDS : CAPTURES_WITHOUT_IDS;
}

/** One capture of a service, within the budget that the options allow. */
export async function captureOnce(
  service: PprofService,
  kinds: readonly CaptureKind[],
  options: TargetOptions,
  surroundings: Surroundings,
  extra: CaptureOptions = {},
): Promise<CaptureRecord> {
  const budget = {
    ...(options.budgetMs === undefined ? {} : { standstillMs: options.budgetMs }),
    ...(options.budgetBytes === undefined ? {} : { bytesMax: options.budgetBytes }),
  };
  return await capture(service, kinds, budget, {
    ...connectionOf(options, surroundings),
    requests: counterOf(options),
    ...extra,
  });
}

/** What the options say about reaching a target. */
export function connectionOf(options: TargetOptions, surroundings: Surroundings): CaptureOptions {
  const { tokenEnv, cert, key, ca, serverName } = options;
  return {
    headers: options.header,
    env: surroundings.env,
    signal: surroundings.stop,
    ...(tokenEnv === undefined ? {} : { bearerTokenEnv: tokenEnv }),
    ...(cert === undefined ? {} : { certificateFile: cert }),
    ...(key === undefined ? {} : { keyFile: key }),
    ...(ca === undefined ? {} : { caFile: ca }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(options.insecure ? { tls: "insecure" as const } : {}),
  };
}

/** Where the options say that the request counter is. */
export function counterOf({ metric, metricsPath }: TargetOptions): RequestCounterOptions {
  return {
    ...(metric === undefined ? {} : { metric }),
    ...(metricsPath === undefined ? {} : { path: metricsPath }),
  };
}

/** A prefix given beside the target counts where the URL has none. */
function withPrefix(target: Target, prefix: string | undefined): Target {
  if (target.kind !== "http" || prefix === undefined || target.prefix !== "") return target;
  const path = `/${prefix.replaceAll(/^\/+|\/+$/g, "")}`;
  return { ...target, prefix: path, display: `${target.display}${path}` };
}

function describeStep(index: number, captures: number, latest: CaptureRecord | undefined): string {
  const count = latest?.goroutines?.total;
  const alive = count === undefined ? "" : ` · ${pluralise(count, "goroutine")}`;
  return `capture ${formatCount(index + 1)} of ${formatCount(captures)}${alive}`;
}

/** False when the wait was cut short. */
async function waited(durationMs: number, stop: AbortSignal): Promise<boolean> {
  try {
    await wait(durationMs, undefined, { signal: stop });
    return true;
  } catch {
    return false;
  }
}
