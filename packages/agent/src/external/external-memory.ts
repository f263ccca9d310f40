/**
 * Memory outside of V8's heap, by the line that allocated it. One watch for the whole process,
 * however many agents it has.
 */
import type { Profile } from "@watertight/profile";
import { AllocationSampler } from "./allocation-sampler.ts";
import { watchArrayConstructors } from "./array-constructors.ts";
import { watchBufferFunctions } from "./buffer-functions.ts";
import { buildExternalProfile, type ExternalProfileKind } from "./external-profile.ts";

/**
 * What is watched: `buffers`, the functions of `Buffer`; `all`, also what is made with
 * `new Uint8Array` and the like, which costs more and changes how V8 compiles typed arrays.
 */
export type ExternalTracking = "off" | "buffers" | "all";

/** Watching, until it is closed. */
export interface ExternalMemory {
  /** What was allocated since the start and what of it is in use; the rest is told as such. */
  profile(kind: ExternalProfileKind): Promise<Profile>;
  close(): void;
}

interface Watch {
  readonly tracking: ExternalTracking;
  readonly sampler: AllocationSampler;
  readonly stop: () => void;
  users: number;
}

let watch: Watch | undefined;

/** Starts watching, or joins who watches already: then what the first asked for is what is watched. */
export function openExternalMemory(tracking: ExternalTracking): ExternalMemory {
  if (tracking === "off") {
    return { profile: (kind) => buildExternalProfile([], kind), close: () => {} };
  }
  const joined = (watch ??= startWatch(tracking));
  joined.users++;
  let isOpen = true;
  return {
    profile: (kind) => buildExternalProfile(joined.sampler.uses(), kind),
    close() {
      if (!isOpen) return;
      isOpen = false;
      joined.users--;
      if (joined.users > 0) return;
      joined.stop();
      watch = undefined;
    },
  };
}

function startWatch(tracking: ExternalTracking): Watch {
  const sampler = new AllocationSampler();
  const stops = [
    watchBufferFunctions(sampler),
    ...(tracking === "all" ? [watchArrayConstructors(sampler)] : []),
  ];
  const stop = (): void => {
    for (const end of stops.toReversed()) end();
    sampler.stop();
  };
  return { tracking, sampler, stop, users: 0 };
}
