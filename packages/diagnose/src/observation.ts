/** What the diagnosis works from: captures of one target, already decoded. */
import type { GoroutineDump, Profile, SpawnTrace } from "@watertight/profile";

/** Everything that was captured of one target at one moment. */
export interface Observation {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The goroutines (or tasks) alive then, from the best format that the budget allowed. */
  readonly goroutines?: GoroutineDump;
  /** The runtime's own leak profile (`goroutineleak`), when it has one. */
  readonly leaked?: GoroutineDump;
  readonly heap?: Profile;
  readonly allocs?: Profile;
  /** The `go` statements that ran while it was captured, with their whole stacks. */
  readonly spawns?: SpawnTrace;
  /** OS threads that the runtime created so far. */
  readonly threads?: number;
  /** A counter of requests served so far, when one was at hand. */
  readonly requestsServed?: number;
  /** e.g. `go1.26.8`; absent when the target did not say. */
  readonly runtimeVersion?: string;
}
