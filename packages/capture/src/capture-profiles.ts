/** The profiles that need no goroutine count: heap, allocations, CPU, threads, trace. */
import { decodePprof, decodeSpawns, type Profile, ProfileError } from "@watertight/profile";
import type { CaptureDraft } from "./draft.ts";
import { CaptureError } from "./errors.ts";
import { describePlace } from "./exchange.ts";
import { inflateBody } from "./inflate-body.ts";
import { parsePprofIndex, INDEX_BYTES_MAX } from "./pprof-index.ts";

/** One pprof profile of the target. */
export interface ProfileRequest {
  readonly part: "heap" | "allocs" | "cpu";
  /** The profile's name in its URL. */
  readonly name: string;
  readonly query: string;
  /** How long the target records before it answers. */
  readonly seconds?: number;
}

/** Fetches a pprof profile into its part of the draft. */
export async function captureProfile(draft: CaptureDraft, request: ProfileRequest): Promise<void> {
  const { part, name, query, seconds = 0 } = request;
  checkSeconds(draft, name, seconds);
  const path = `${draft.service.root}/${name}?${query}`;
  const { body } = await draft.session.fetchBytes({ path, limits: waitFor(draft, seconds) });
  await draft.keepRaw(`${part}.pb.gz`, body);
  draft.add({ [part]: await decodeProfile(draft, body, path) });
}

/**
 * Inflates and decodes a pprof body. What is missing at its end becomes a problem of the draft.
 *
 * @throws {CaptureError} `WT_CAPTURE_PROFILE_INVALID` when nothing of it is a profile
 */
export async function decodeProfile(
  draft: CaptureDraft,
  body: Uint8Array,
  path: string,
): Promise<Profile> {
  const { connection } = draft.session;
  const where = describePlace(connection, path);
  const inflated = await inflateBody(body, connection.limits.inflatedBytesMax, where);
  const { profile, problems } = decodePprof(inflated.bytes);
  const [problem] = problems;
  if (profile.sampleTypes.length === 0) {
    if (inflated.failure) throw inflated.failure;
    const what = problem ? `${where}: ${problem.message}` : `${where} has no samples`;
    throw new CaptureError("WT_CAPTURE_PROFILE_INVALID", what);
  }
  if (inflated.failure) draft.fail(inflated.failure);
  else if (problem) {
    draft.fail(new CaptureError("WT_CAPTURE_PROFILE_INVALID", `${where}: ${problem.message}`));
  }
  return profile;
}

/** Counts OS threads: on the index page, where it costs nothing, else from the profile itself. */
export async function captureThreads(draft: CaptureDraft): Promise<void> {
  const { root, profiles, runtime } = draft.service;
  // Node's threads do not come with its tasks, as Go's do with goroutines that block.
  if (runtime === "node") return;
  if (profiles) {
    const page = await draft.session.fetchCheap({
      path: `${root}/`,
      pages: "accepted",
      limits: { wireBytesMax: INDEX_BYTES_MAX, inflatedBytesMax: INDEX_BYTES_MAX },
    });
    const threads = parsePprofIndex(Buffer.from(page.body).toString("utf8")).get("threadcreate");
    if (threads !== undefined) {
      draft.add({ threads });
      return;
    }
  }
  const path = `${root}/threadcreate?debug=0`;
  const { body } = await draft.session.fetchCheap({ path });
  const { samples } = await decodeProfile(draft, body, path);
  const counts = samples.values[0] ?? new BigInt64Array();
  draft.add({ threads: Number(counts.reduce((sum, count) => sum + count, 0n)) });
}

/** A trace of one busy second has some megabytes; what is beyond this is left unread. */
const SPAWN_BYTES_MAX = 32 * 1024 * 1024;

/** Takes an execution trace and keeps what it says about who started which goroutine. */
export async function captureSpawns(draft: CaptureDraft, seconds: number): Promise<void> {
  checkSeconds(draft, "trace", seconds);
  const path = `${draft.service.root}/trace?seconds=${seconds}`;
  const { body } = await draft.session.fetchBytes({
    path,
    limits: { ...waitFor(draft, seconds), wireBytesMax: SPAWN_BYTES_MAX },
  });
  try {
    draft.add({ spawns: decodeSpawns(body) });
  } catch (fault) {
    if (!(fault instanceof ProfileError)) throw fault;
    const where = describePlace(draft.session.connection, path);
    throw new CaptureError("WT_CAPTURE_PROFILE_INVALID", `${where}: ${fault.problem.message}`);
  }
}

/** Streams an execution trace into its raw file. */
export async function captureTrace(draft: CaptureDraft, seconds: number): Promise<void> {
  checkSeconds(draft, "trace", seconds);
  const file = await draft.rawFiles?.open("trace.bin");
  if (!file) return;
  try {
    await draft.session.fetch({
      path: `${draft.service.root}/trace?seconds=${seconds}`,
      limits: waitFor(draft, seconds),
      sink: async (chunk) => {
        await file.write(chunk);
      },
    });
    draft.nameRaw("trace.bin", await file.commit());
  } catch (fault) {
    await file.discard();
    throw fault;
  }
}

function checkSeconds(draft: CaptureDraft, name: string, seconds: number): void {
  if (seconds * 1_000 < draft.session.remainingMs) return;
  const left = Math.max(0, Math.round(draft.session.remainingMs / 1_000));
  const what = `${name} records for ${seconds} s, ${left} s of the budget are left`;
  throw new CaptureError("WT_CAPTURE_TOTAL_TIMEOUT", what);
}

/** While the target records it may well be silent. */
function waitFor(draft: CaptureDraft, seconds: number): { headerMs: number; idleMs: number } {
  const { headerMs, idleMs } = draft.session.connection.limits;
  const recordingMs = seconds * 1_000;
  return { headerMs: headerMs + recordingMs, idleMs: idleMs + recordingMs };
}
