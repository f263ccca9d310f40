/** The ground truth that lies beside each program of the Node zoo: `truth.json`. */
import type { Twin } from "../list.ts";
import type { LeakTruth, ServiceTruth } from "../truth.ts";

/**
 * How a leak shows from outside the process: as suspended `tasks`, as `handles` (sockets, files,
 * children), `timers`, `listeners` or `memory`; `vanished` when the collector takes the stuck
 * work away and only its request is missing; `test-only` when a collection mends it.
 */
export type Shows =
  | "tasks"
  | "handles"
  | "timers"
  | "listeners"
  | "memory"
  | "vanished"
  | "test-only";

export interface NodeLeakTruth extends LeakTruth {
  readonly shows: Shows;
  /** The gauge that grows by `perRequest`, see `gauges.ts`; or `unsettled`. */
  readonly grows: string;
  /** Nothing that is alive could wake the stuck task, and a heap graph shows that. */
  readonly proven?: boolean;
  /** `await`, the default, or `yield` for a generator that is suspended between two values. */
  readonly state?: string;
}

/** How a program is driven. */
export interface NodeLoad {
  /** Requests before the first capture. */
  readonly warm: number;
  /** Requests between two captures. */
  readonly step: number;
  /** How long a wave of requests is waited for. */
  readonly giveUpMs: number;
}

export interface NodeTruth extends Pick<ServiceTruth, "about" | "effects"> {
  /** Absent for a program that is healthy by design. */
  readonly leaks?: readonly NodeLeakTruth[];
  readonly load?: Partial<NodeLoad>;
}

/** A healthy program is waited for; how fast the machine is must not make it look stuck. */
const HEALTHY_GIVE_UP_MS = 10_000;

/** The load of one twin with its defaults. */
export function nodeLoadOf({ truth, twin }: { truth: NodeTruth; twin: Twin }): NodeLoad {
  const load = { warm: 5, step: 10, giveUpMs: 120, ...truth.load };
  return twin === "healthy" ? { ...load, giveUpMs: HEALTHY_GIVE_UP_MS } : load;
}
