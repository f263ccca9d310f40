/** What a capture gives. */
import type { GoroutineDump, Profile, SpawnTrace } from "@watertight/profile";
import type { CaptureProblem } from "./errors.ts";

/** Profiles that can be asked for. `spawns` is a second of execution trace, read for its `go` statements. `requests` is the service's own request counter. */
export type CaptureKind =
  | "goroutines"
  | "leaks"
  | "heap"
  | "allocs"
  | "threads"
  | "cpu"
  | "trace"
  | "spawns"
  | "requests";

/** Everything that was captured of one target at one moment. Immutable. */
export interface CaptureRecord {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The target as it may be shown: no user, password, token or query. */
  readonly target: string;
  readonly runtime: "go" | "node";
  /** e.g. `go1.26.8`; absent when the target did not say. */
  readonly runtimeVersion?: string;
  /** The goroutines alive then, from the best format that the budget allowed. */
  readonly goroutines?: GoroutineDump;
  /** The runtime's own leak profile. */
  readonly leaked?: GoroutineDump;
  readonly heap?: Profile;
  readonly allocs?: Profile;
  readonly cpu?: Profile;
  /** The `go` statements that ran while the capture was taken, with their whole stacks. */
  readonly spawns?: SpawnTrace;
  /** OS threads that the runtime created so far. */
  readonly threads?: number;
  /** Requests served so far. */
  readonly requestsServed?: number;
  /** Sentences a report repeats: what was not taken and why, what was cut, what it covers. */
  readonly notes: readonly string[];
  /** What was asked for and did not arrive, or not whole. */
  readonly problems: readonly CaptureProblem[];
  /** Paths of the raw bodies by name (`goroutine.txt`), where they were kept. */
  readonly raw: Readonly<Record<string, string>>;
  /** Bytes that were fetched or read. */
  readonly bytes: number;
}
