/** `watertight watch`: drives the watch's state machine with the clock, the target and a folder. */
import { setTimeout as wait } from "node:timers/promises";
import {
  CaptureError,
  CaptureFolder,
  probe,
  readRequestCounter,
  type PprofService,
} from "@watertight/capture";
import { advanceWatch, openWatch, type WatchInput } from "@watertight/diagnose";
import type { CommandContext } from "../commands/command-context.ts";
import type { WatchOptions } from "../commands/watch.ts";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { createGoSourceReader } from "../go-sources.ts";
import { createProgress } from "../terminal/progress.ts";
import type { Surroundings } from "../terminal/surroundings.ts";
import { createEventWriter } from "../terminal/watch-event.ts";
import { captureOnce, connectionOf, counterOf, findService } from "./collect-captures.ts";

/** Everything that the loop needs. */
interface Watch {
  readonly service: PprofService;
  readonly folder: CaptureFolder;
  readonly options: WatchOptions;
  /** Without the stop: what is begun is finished. */
  readonly surroundings: Surroundings;
}

/** Watches until it is told to stop. */
export async function runWatch(
  target: string,
  options: WatchOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { surroundings } = context;
  const { stdout, stderr, env } = surroundings;
  const stop = options.for === undefined ? surroundings.stop : limitedTo(options.for, surroundings);
  const unhurried = { ...surroundings, stop: new AbortController().signal };
  const service = await findService(target, options, surroundings);
  const folder = await CaptureFolder.open(options.folder, {
    bytesMax: options.folderBytes,
    filesMax: options.folderFiles,
  });
  const writer = createEventWriter(stdout, {
    env,
    json: options.json === true,
    colour: options.colour,
  });
  const progress = createProgress(stderr, { quiet: options.quiet === true });
  const settings = {
    ...settingsOf(options),
    readSource: createGoSourceReader(surroundings.cwd),
  };
  let state = openWatch(Date.now(), settings);
  await writer.write({
    kind: "watching",
    atMs: Date.now(),
    text: `${service.display}, captures go to ${folder.path}`,
  });
  while (await waitedUntil(state.next.atMs, stop)) {
    const { what } = state.next;
    progress.show(describeStep(what, state.history.at(-1)?.count));
    const input = await takeStep(what, { service, folder, options, surroundings: unhurried });
    const advanced = advanceWatch(state, input, settings);
    state = advanced.state;
    progress.clear();
    for (const event of advanced.events) await writer.write(event);
  }
  const open = [...state.open.values()].map(({ finding }) => finding.title);
  const left = open.length === 0 ? "no leak is open" : `still open: ${open.join("; ")}`;
  await writer.write({ kind: "stopped", atMs: Date.now(), text: left });
  return EXIT_CODES.clean;
}

function settingsOf(options: WatchOptions): NonNullable<Parameters<typeof openWatch>[1]> {
  return {
    countEveryMs: options.interval,
    ...capturesOf(options),
    seriesEveryMs: options.captureInterval,
    capturesPerHourMax: options.hourly,
    ...(options.threshold === undefined ? {} : { highWater: options.threshold }),
  };
}

const CAPTURES_WITH_IDS = 4;

/** How many captures make a series: as many as were asked for, with ids and without. */
function capturesOf({ captures }: WatchOptions): Partial<Parameters<typeof openWatch>[1]> {
  if (captures === undefined) return { seriesCaptures: CAPTURES_WITH_IDS };
  return { seriesCaptures: captures, seriesCapturesWithoutIds: captures };
}

function limitedTo(durationMs: number, { stop }: Surroundings): AbortSignal {
  return AbortSignal.any([stop, AbortSignal.timeout(durationMs)]);
}

function describeStep(what: "count" | "capture", count: number | undefined): string {
  const alive = count === undefined ? "" : ` · ${count.toLocaleString("en-US")} goroutines`;
  return `${what === "count" ? "counting" : "capturing"}${alive}`;
}

/** False when the wait was cut short. */
async function waitedUntil(atMs: number, stop: AbortSignal): Promise<boolean> {
  if (stop.aborted) return false;
  try {
    await wait(Math.max(0, atMs - Date.now()), undefined, { signal: stop });
    return true;
  } catch {
    return false;
  }
}

/** A target that does not answer is an input like any other. */
async function takeStep(what: "count" | "capture", watch: Watch): Promise<WatchInput> {
  try {
    return what === "count" ? await takeCount(watch) : await takeCapture(watch);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return { kind: "failure", atMs: Date.now(), text: error.problem.message };
  }
}

/** The index page counts goroutines at next to no cost; where there is none, the grouped profile does. */
async function takeCount(watch: Watch): Promise<WatchInput> {
  const { service, options, surroundings } = watch;
  const target = { ...service.connection.target, prefix: service.root };
  const seen = await probe(target, connectionOf(options, surroundings));
  const counter = await readRequestCounter(service, counterOf(options));
  const requestsServed = counter?.value;
  const count = seen.goroutines ?? (await countByProfile(watch));
  return {
    kind: "count",
    atMs: Date.now(),
    count,
    ...(requestsServed === undefined ? {} : { requestsServed }),
  };
}

async function countByProfile({ service, options, surroundings }: Watch): Promise<number> {
  // There is nothing cheaper of Node than its tasks.
  const cheapest = service.runtime === "node" ? options : { ...options, budgetMs: 0 };
  const record = await captureOnce(service, ["goroutines"], cheapest, surroundings);
  return record.goroutines?.total ?? 0;
}

async function takeCapture(watch: Watch): Promise<WatchInput> {
  const { service, folder, options, surroundings } = watch;
  const moment = folder.startMoment(Date.now());
  const heap = options.heap === true ? (["heap", "allocs"] as const) : [];
  const kinds = ["goroutines", "leaks", "threads", "requests", ...heap] as const;
  try {
    const record = await captureOnce(service, kinds, options, surroundings, { rawFiles: moment });
    await moment.finish(record);
    return { kind: "capture", observation: record };
  } catch (error) {
    await moment.discard();
    throw error;
  }
}
