/** The ground truth that lies beside each service: `truth.json`. */

/** A frame of the standard library or of a dependency; a pattern over its function name. */
interface LibraryFrame {
  readonly function: string;
}

/** One leak of one service. */
export interface LeakTruth {
  /** A cause id of the catalogue, e.g. `channel-send`. */
  readonly cause: string;
  /** Other causes that are right as well: two names for what one dump can show. */
  readonly alsoCauses?: readonly string[];
  /** Which markers of the source are its own, when a service has several leaks. */
  readonly mark?: string;
  /** Goroutines (bytes for `memory-growth`) that one request leaves behind. */
  readonly perRequest: number;
  /** Wait reasons that the stuck goroutines may show. */
  readonly states?: readonly string[];
  /** Where no frame of the service is on the stuck stack. Otherwise the marker says. */
  readonly site?: LibraryFrame;
  /** Where the standard library or a dependency starts the goroutine. Otherwise the marker says. */
  readonly creator?: LibraryFrame;
}

/** Clients that stay. */
interface HoldTruth {
  readonly path: string;
  readonly count: number;
  readonly kind: "http" | "websocket" | "upgrade";
  /** Opened one by one over this time, during the captures, instead of all before the first. */
  readonly overMs?: number;
}

/** How the service is driven. Every field has a default, see {@link loadOf}. */
interface LoadTruth {
  readonly path?: string;
  readonly ratePerSecond?: number;
  /** The client goes away after this long. */
  readonly abandonAfterMs?: number;
  /** Connections opened before the first capture and held until the last. */
  readonly hold?: HoldTruth;
  /** Rate per gap between captures, as a factor of `ratePerSecond`; constant when absent. */
  readonly ramp?: readonly number[];
  readonly captures?: number;
  readonly gapMs?: number;
  /** Warm-up before the first capture. */
  readonly warmMs?: number;
  /** How long requests in flight and background work may take to end after the load. */
  readonly settleMs?: number;
  /** Take a heap profile with every capture. */
  readonly heap?: boolean;
}

export interface ServiceTruth {
  /** What is wrong, or why nothing is: one sentence. */
  readonly about: string;
  /** The command that holds it, when it is one of its own and not a part of `zoo`. */
  readonly command?: "orders-api";
  /** Oldest Go that shows it, e.g. `1.23`. */
  readonly minGo?: string;
  /** Absent for a service that is healthy by design and has no leaky twin. */
  readonly leaks?: readonly LeakTruth[];
  readonly load?: LoadTruth;
  /** Causes that may be found beside the leak, as its consequence. */
  readonly effects?: readonly string[];
}

export type Load = Required<Omit<LoadTruth, "hold" | "abandonAfterMs">> &
  Pick<LoadTruth, "hold" | "abandonAfterMs">;

/** The load with its defaults: 25 requests a second, six captures half a second apart. */
export function loadOf(truth: ServiceTruth): Load {
  return {
    path: "/",
    ratePerSecond: 25,
    captures: 6,
    gapMs: 500,
    warmMs: 300,
    settleMs: 500,
    heap: false,
    ramp: [],
    ...truth.load,
  };
}

/** Reads one `truth.json`; throws with its path when it is not what this file describes. */
export function parseTruth(text: string, path: string): ServiceTruth {
  const truth = JSON.parse(text) as ServiceTruth;
  const problem = findProblem(truth);
  if (problem !== undefined) throw new Error(`${path}: ${problem}`);
  return truth;
}

function findProblem(truth: ServiceTruth): string | undefined {
  if (typeof truth.about !== "string" || truth.about === "") return "`about` is missing";
  for (const leak of truth.leaks ?? []) {
    if (!/^[a-z0-9-]+$/.test(leak.cause)) return `\`${leak.cause}\` is not a cause id`;
    if (!(leak.perRequest > 0)) return `${leak.cause}: \`perRequest\` must be positive`;
  }
  return undefined;
}
