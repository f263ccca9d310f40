/** One profile, from a running service, a file in any format, a folder's newest capture, or standard input. */
import {
  parseTarget,
  readCaptures,
  readFileBytes,
  readStreamBytes,
  type CaptureRecord,
  type LentBytes,
} from "@watertight/capture";
import {
  decodeFolded,
  decodePprof,
  GoroutineTextDecoder,
  profileFromGoroutines,
  ProfileError,
  type GoroutineDump,
  type GoroutineProfileOptions,
  type Profile,
  type ProfileProblem,
} from "@watertight/profile";
import type { TargetOptions } from "../commands/target-options.ts";
import { CliError } from "../errors.ts";
import { captureOnce, findService, type CollectContext } from "./collect-captures.ts";

/** A profile and what could not be read of it. */
export interface LoadedProfile {
  readonly display: string;
  readonly profile: Profile;
  /** Whether it was goroutines, which are split by `by` already. */
  readonly isDump: boolean;
  readonly problems: readonly ProfileProblem[];
}

type ServiceProfile = "goroutine" | "heap" | "allocs" | "cpu";

/** Splits goroutines by state, creator or a label. */
export type SplitBy = GoroutineProfileOptions["by"];

export interface LoadRequest {
  /** What a running service or a folder is asked for. */
  readonly kind: ServiceProfile;
  readonly by?: SplitBy;
  readonly cpuSeconds?: number;
}

const BYTES_MAX = 1024 ** 3;
const HEAD_BYTES = 4096;

/** Loads it. @throws {CliError | CaptureError | ProfileError} */
export async function loadProfile(
  text: string,
  request: LoadRequest,
  options: TargetOptions,
  context: CollectContext,
): Promise<LoadedProfile> {
  const target = parseTarget(text);
  const { surroundings, progress } = context;
  progress.show(`reading ${target.display}`);
  if (target.kind === "stdin") {
    const pieces = readStreamBytes(surroundings.stdin, target.display);
    return await decodePieces(pieces, target.display, request.by);
  }
  if (target.kind === "file") {
    return await decodePieces(readFileBytes(target.path), target.display, request.by);
  }
  if (target.kind === "folder") {
    const records = await readCaptures(target.path);
    return fromRecord(records.at(-1) as CaptureRecord, request);
  }
  const service = await findService(text, options, surroundings);
  const kind = request.kind === "goroutine" ? "goroutines" : request.kind;
  const cpuSeconds = request.cpuSeconds ?? 10;
  return fromRecord(
    await captureOnce(service, [kind], options, surroundings, { cpuSeconds }),
    request,
  );
}

function fromRecord(record: CaptureRecord, request: LoadRequest): LoadedProfile {
  const { target } = record;
  if (request.kind === "goroutine" && record.goroutines !== undefined) {
    return fromDump(record.goroutines, target, request.by);
  }
  const profile = request.kind === "goroutine" ? undefined : record[request.kind];
  if (profile !== undefined) return { display: target, profile, isDump: false, problems: [] };
  throw new CliError("WT_CLI_INPUT_FAILED", `${target} holds no ${request.kind} profile`);
}

function fromDump(dump: GoroutineDump, display: string, by: SplitBy): LoadedProfile {
  const profile = profileFromGoroutines(dump, by === undefined ? {} : { by });
  return { display, profile, isDump: true, problems: dump.problems };
}

/** Goroutine text is streamed, whatever its size; anything else is held in memory. */
async function decodePieces(
  pieces: LentBytes,
  display: string,
  by: SplitBy,
): Promise<LoadedProfile> {
  const held: Uint8Array[] = [];
  let bytes = 0;
  let decoder: GoroutineTextDecoder | undefined;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (decoder !== undefined) {
      decoder.push(piece);
      continue;
    }
    held.push(Uint8Array.from(piece));
    if (bytes >= HEAD_BYTES && isGoroutineText(held)) {
      decoder = new GoroutineTextDecoder();
      for (const early of held.splice(0)) decoder.push(early);
    }
    if (bytes > BYTES_MAX && decoder === undefined) {
      throw new CliError("WT_CLI_INPUT_FAILED", `${display} is larger than 1 GiB`);
    }
  }
  if (decoder !== undefined) return fromDump(decoder.finish(), display, by);
  return decodeBytes(Buffer.concat(held), display, by);
}

function isGoroutineText(chunks: readonly Uint8Array[]): boolean {
  const head = Buffer.concat(chunks).toString("latin1", 0, HEAD_BYTES);
  return /^(?:goroutine(?:leak)? profile: total \d|goroutine \d+ .*\[)/m.test(head);
}

function decodeBytes(bytes: Buffer, display: string, by: SplitBy): LoadedProfile {
  if (isGoroutineText([bytes])) {
    const decoder = new GoroutineTextDecoder();
    decoder.push(bytes);
    return fromDump(decoder.finish(), display, by);
  }
  const isText = /^[\t\n\r\u0020-\u007e\u0080-\u00ff]+ -?\d+\r?$/m.test(
    bytes.toString("latin1", 0, HEAD_BYTES),
  );
  if (isText) return { display, isDump: false, ...decodeFolded(bytes) };
  const { profile, problems } = decodePprof(bytes);
  const [problem] = problems;
  if (profile.sampleTypes.length === 0 && problem !== undefined) throw new ProfileError(problem);
  return { display, profile, isDump: false, problems };
}
