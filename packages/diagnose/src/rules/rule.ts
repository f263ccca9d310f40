/** What a rule is: one cause, how it shows, what to say about it and how to fix it. */
import type { Certainty, Evidence, Fix, Frame } from "@watertight/finding";
import type { DumpView } from "../view/dump-view.ts";
import type { MemberSeries } from "../series/series-view.ts";
import type { GroupView } from "../view/group-view.ts";

/**
 * How much a matching wait says by itself.
 *
 * - `never-ends`: nothing can end it, by construction (a nil channel, a lock cycle).
 * - `never-idle`: no program parks here on purpose; for long, it is wrong (a channel send, a lock).
 * - `forgotten`: the dump shows that nobody is left who could end it (more open rows than anybody at work).
 * - `may-idle`: idle workers, live clients and long polls look the same (a receive, a select, IO).
 * - `capacity`: how many are normal is a setting of the program (a connection pool).
 */
export type Patience = "never-ends" | "never-idle" | "forgotten" | "may-idle" | "capacity";

/** What a rule says about one group. */
export interface RuleMatch {
  /** One line that a tired person understands, without count and place: reports put them beside it. */
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly patience: Patience;
  /** Where it is stuck, when that is not the group's first own frame. */
  readonly site?: Frame | undefined;
  readonly creator?: Frame | undefined;
  /** The most that this signature alone may claim. Default `likely`. */
  readonly certaintyMax?: Certainty;
  /** Fewer than this many are no finding in a single capture, whatever else speaks for it. */
  readonly countMin?: number;
  /** Goroutines that belong to the same leak and are counted with it. */
  readonly companions?: {
    readonly function: string;
    readonly wait: string;
    readonly countMax: number;
  };
  /** A reason why this group is in order, although it fits; then there is no finding. */
  readonly benign?: string;
}

/**
 * One cause. Real dumps of leaking and healthy services that prove a rule are in `examples/<cause>`.
 * Rules are data and one pure function; they keep nothing between calls.
 */
export interface Rule {
  /** The cause's stable id. */
  readonly cause: string;
  readonly fix: Omit<Fix, "docs">;
  /**
   * The match, or undefined when this rule has nothing to say about the group.
   * `series` is how the group moved, when there are several captures.
   */
  match(view: GroupView, dump: DumpView, series?: MemberSeries): RuleMatch | undefined;
}
