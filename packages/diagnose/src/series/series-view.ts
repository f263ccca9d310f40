/** What a series of captures says about every group of goroutines. */
import type { Growth } from "@watertight/finding";

/**
 * How a group moved over the series.
 *
 * - `growing`: members stay and more keep coming: a leak in progress.
 * - `persisting`: the same members stay and (nearly) none come: a pool, a ticker, a deadlock or a very slow leak.
 * - `steady`: members come and go at about the same rate: a busy pool.
 * - `load-following`: more members because there is more work: they turn over, or each belongs to an open connection.
 * - `draining`: more leave than come.
 * - `warming-up`: more came, but ever fewer: a pool or cache that fills.
 * - `too-few-captures`: nothing can be said yet; see {@link MemberSeries.leaning}.
 */
export type SeriesVerdict =
  | "growing"
  | "persisting"
  | "steady"
  | "load-following"
  | "draining"
  | "warming-up"
  | "too-few-captures";

/**
 * What staying members belong to, so that more of them are no leak.
 *
 * - `own-connection`: each serves a connection that is open, and reads from it.
 * - `client-waits`: each is a handler whose client is still connected.
 * - `serving-parent`: each was started by a goroutine that still serves a connection.
 * - `moves-along`: the count moves with the open connections (captures that name no parents).
 */
export type Attachment = "own-connection" | "client-waits" | "serving-parent" | "moves-along";

/** What became of the members between the captures; only where the captures carry ids. */
export interface MemberTurnover {
  /** Members that joined, over all intervals. */
  readonly joined: number;
  /** Members that left, over all intervals: ended, or moved to another stack. */
  readonly left: number;
  /** Of those that left, how many were still alive at another stack. */
  readonly moved: number;
  /** Fraction of the first capture's members that are members of the last one, 0 to 1. */
  readonly survivors: number;
  /** Fraction of the members that is replaced per interval, 0 to 1. */
  readonly rate: number;
  /** Lowest id of the last capture: its oldest member. NaN when it has none. */
  readonly oldestId: number;
}

/** One group of goroutines, or everything that one `go` statement started, over the series. */
export interface MemberSeries {
  /** `groupKey` of the group, or `function:line` of the creator. */
  readonly key: string;
  readonly verdict: SeriesVerdict;
  /** One sentence with the numbers that the verdict rests on. */
  readonly reason: string;
  /** With `too-few-captures`: what one more capture like these would confirm. */
  readonly leaning?: "growing";
  /** Members per capture of the series, in order; scaled up where a capture was cut. */
  readonly counts: readonly number[];
  readonly turnover?: MemberTurnover;
  /** What explains that the members stay; absent when nothing does. */
  readonly attachment?: Attachment;
  /** Rates and significance; present from three captures on. */
  readonly growth?: Growth;
  /**
   * Whether the header ages start again and again although the members stay: `resetting` is a
   * loop on a ticker, timer or sleep, `holding` is one long wait. `unknown` below two minutes.
   */
  readonly waits: "resetting" | "holding" | "unknown";
}

/** How busy the process was at each capture of the series. */
export interface LoadSeries {
  /** What the load was read from, best first: a request counter, the server's own goroutines, the goroutine ids. */
  readonly source: "requests" | "server-goroutines" | "goroutines-created" | "none";
  /** Requests served since the first capture of the series, when a counter was at hand. */
  readonly requests?: number;
  /** Connections per capture whose client is there and waits: a handler at work, or a read from the connection. */
  readonly openConnections: readonly number[];
  /** Requests in a handler, per capture. */
  readonly handlers: readonly number[];
  /** Goroutines created since the first capture of the series (highest id), NaN without ids. */
  readonly goroutinesCreated: number;
}

/** A series, judged. */
export interface SeriesView {
  /** Captures that were compared: of one process, in one format. */
  readonly captures: number;
  readonly spanMs: number;
  readonly load: LoadSeries;
  /** By `groupKey`. */
  readonly groups: ReadonlyMap<string, MemberSeries>;
  /** By `creatorKey`: everything that one `go` statement started, at whatever stack it is now. */
  readonly creators: ReadonlyMap<string, MemberSeries>;
  /** All goroutines together. */
  readonly total: MemberSeries;
  /** Sentences on captures that were left out, and why. */
  readonly notes: readonly string[];
}
