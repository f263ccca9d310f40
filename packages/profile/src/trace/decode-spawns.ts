/** Decodes an execution trace of Go 1.19 to 1.27, as far as it says who started which goroutine. */
import { describeProfileProblem, ProfileError } from "../errors.ts";
import { decodeGenerations } from "./decode-generations.ts";
import { decodeProcessorBatches } from "./decode-processor-batches.ts";
import { SpawnLedger, type SpawnTrace } from "./spawn-trace.ts";

const HEADER = /^go (1\.(\d{1,3})) trace\0{3}$/;
const HEADER_BYTES = 16;
const GENERATIONS_SINCE = 22;
const OLDEST = 11;

/**
 * Reads the `go` statements of a trace. A damaged or cut trace gives what was whole before that, with a problem.
 *
 * @throws {ProfileError} `WT_PROFILE_UNKNOWN_FORMAT` when the bytes are no trace
 */
export function decodeSpawns(bytes: Uint8Array): SpawnTrace {
  const head = String.fromCharCode(...bytes.subarray(0, HEADER_BYTES));
  const [, version, minor] = HEADER.exec(head) ?? [];
  if (version === undefined || Number(minor) < OLDEST) {
    const what = "an execution trace begins with its Go version";
    throw new ProfileError(describeProfileProblem("WT_PROFILE_UNKNOWN_FORMAT", 0, what));
  }
  const ledger = new SpawnLedger();
  const decode = Number(minor) >= GENERATIONS_SINCE ? decodeGenerations : decodeProcessorBatches;
  const end = decode(bytes, HEADER_BYTES, ledger);
  const problems =
    end >= bytes.length
      ? []
      : [describeProfileProblem("WT_PROFILE_TRUNCATED", end, "an event of the trace")];
  return { version, spawns: ledger.finish(), problems };
}
