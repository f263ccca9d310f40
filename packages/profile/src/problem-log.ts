/** Problems met while decoding, bounded, so that a hostile input cannot fill memory with complaints. */
import { describeProfileProblem, type ProfileErrorCode, type ProfileProblem } from "./errors.ts";

export class ProblemLog {
  readonly #problems: ProfileProblem[] = [];
  readonly #problemsMax: number;
  #leftOut = 0;
  #lastOffset = 0;

  constructor(problemsMax: number) {
    this.#problemsMax = problemsMax;
  }

  /**
   * Keeps the problem, or only counts it once the log is full. `offset` in bytes; give
   * `what` as a function where there may be millions.
   */
  add(code: ProfileErrorCode, offset: number, what: string | (() => string)): void {
    if (this.#problems.length < this.#problemsMax) {
      const text = typeof what === "string" ? what : what();
      this.#problems.push(describeProfileProblem(code, offset, text));
      return;
    }
    this.#leftOut += 1;
    this.#lastOffset = offset;
  }

  /** Every kept problem in the order met; a last one says how many were left out. */
  list(): readonly ProfileProblem[] {
    if (this.#leftOut === 0) return this.#problems;
    const what = `problemsMax (${this.#problemsMax}), with ${this.#leftOut} more problems`;
    return [...this.#problems, describeProfileProblem("WT_PROFILE_LIMIT", this.#lastOffset, what)];
  }
}
