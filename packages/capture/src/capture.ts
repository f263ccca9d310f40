/** Taking one capture of a running service. */
import { type CaptureBudget, fillBudget } from "./budget.ts";
import { captureGoroutines } from "./capture-goroutines.ts";
import { captureProfile, captureSpawns, captureThreads, captureTrace } from "./capture-profiles.ts";
import type { CaptureKind, CaptureRecord } from "./capture-record.ts";
import { CaptureDraft } from "./draft.ts";
import { CaptureError } from "./errors.ts";
import { probe, type ProbeOptions, type PprofService } from "./probe.ts";
import type { RawFiles } from "./raw-files.ts";
import { readSessionCounter, type RequestCounterOptions } from "./request-counter.ts";
import { CaptureSession } from "./session.ts";
import type { HttpTarget, PidTarget } from "./target.ts";

/** Options of {@link capture}. Those of the connection are unused with a probed service. */
export interface CaptureOptions extends ProbeOptions {
  /** Seconds of CPU profile; 10 by default. */
  readonly cpuSeconds?: number;
  /** Seconds of execution trace; 1 by default. */
  readonly traceSeconds?: number;
  /**
   * Whether the target collects garbage before its heap profile. Go's profile is of its last collection anyway:
   * `"as-is"` by default. Node's holds all garbage that is left: `"after-gc"`, within the budget's standstill.
   */
  readonly heap?: "as-is" | "after-gc";
  /** Where the request counter is. */
  readonly requests?: RequestCounterOptions;
  /** Keeps the raw bodies. A trace can only be kept raw. */
  readonly rawFiles?: RawFiles;
}

/**
 * Takes one capture of a service: the cheap profile first, whose count decides what else the
 * budget allows. What is left out, cut or broken is said in the record's notes and problems.
 *
 * @param target as a person writes it, parsed, or probed already (which saves the probe's requests)
 * @param what which profiles
 * @throws {CaptureError} when nothing that was asked for arrived
 */
export async function capture(
  target: string | HttpTarget | PidTarget | PprofService,
  what: readonly CaptureKind[],
  budget: Partial<CaptureBudget> = {},
  options: CaptureOptions = {},
): Promise<CaptureRecord> {
  const kinds = new Set(what);
  checkOptions(kinds, options);
  const wholeBudget = fillBudget(budget);
  const service = isProbed(target) ? target : await probe(target, options);
  const session = new CaptureSession(service.connection, wholeBudget, options);
  const draft = new CaptureDraft(session, service, options.rawFiles);
  try {
    await takeAll(draft, kinds, options);
  } catch (fault) {
    // An abort ends the capture early; what had arrived is still a record.
    if (!(fault instanceof CaptureError)) throw fault;
  }
  return draft.finish();
}

async function takeAll(
  draft: CaptureDraft,
  kinds: ReadonlySet<CaptureKind>,
  options: CaptureOptions,
): Promise<void> {
  const take = async (kind: CaptureKind, step: () => Promise<void>): Promise<void> => {
    if (kinds.has(kind)) await draft.attempt(step);
  };
  await take("requests", () => captureRequests(draft, options.requests));
  if (kinds.has("goroutines") || kinds.has("leaks")) {
    await draft.attempt(() => captureGoroutines(draft, kinds));
  }
  await take("threads", () => captureThreads(draft));
  await take("heap", () =>
    captureProfile(draft, { part: "heap", name: "heap", query: heapQuery(draft, options) }),
  );
  await take("allocs", () =>
    captureProfile(draft, { part: "allocs", name: "allocs", query: "debug=0" }),
  );
  const cpuSeconds = options.cpuSeconds ?? 10;
  await take("cpu", () =>
    captureProfile(draft, {
      part: "cpu",
      name: "profile",
      query: `seconds=${cpuSeconds}`,
      seconds: cpuSeconds,
    }),
  );
  await take("spawns", () => captureSpawns(draft, options.traceSeconds ?? 1));
  await take("trace", () => captureTrace(draft, options.traceSeconds ?? 1));
}

function heapQuery({ service, session }: CaptureDraft, options: CaptureOptions): string {
  const usual = service.runtime === "node" ? "after-gc" : "as-is";
  if ((options.heap ?? usual) === "as-is") return "debug=0";
  const { taskStandstillMs } = session.budget;
  return taskStandstillMs === undefined ? "gc=1" : `gc=1&standstill_ms=${taskStandstillMs}`;
}

async function captureRequests(
  draft: CaptureDraft,
  options: RequestCounterOptions | undefined,
): Promise<void> {
  const counter = await readSessionCounter(draft.session, options);
  if (!counter) {
    draft.note("The service shows no request counter: growth is judged over time alone.");
    return;
  }
  const { value, runtimeVersion } = counter;
  const isNews = runtimeVersion !== undefined && draft.service.runtimeVersion === undefined;
  draft.add({ requestsServed: value, ...(isNews ? { runtimeVersion } : {}) });
}

function checkOptions(kinds: ReadonlySet<CaptureKind>, options: CaptureOptions): void {
  if (kinds.size === 0) throw new CaptureError("WT_CAPTURE_OPTION_INVALID", "no profile is named");
  if (kinds.has("trace") && !options.rawFiles) {
    throw new CaptureError("WT_CAPTURE_OPTION_INVALID", "a trace needs a place for its file");
  }
  for (const seconds of [options.cpuSeconds, options.traceSeconds]) {
    if (seconds !== undefined && !(seconds > 0 && seconds <= 3_600)) {
      throw new CaptureError("WT_CAPTURE_OPTION_INVALID", "seconds go from above 0 to 3600");
    }
  }
}

function isProbed(target: string | HttpTarget | PidTarget | PprofService): target is PprofService {
  return typeof target === "object" && "connection" in target;
}
