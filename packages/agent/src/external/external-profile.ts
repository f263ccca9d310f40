/** Samples of external memory as a profile, together with what they do not explain. */
import type { Profile, ValueType } from "@watertight/profile";
import { loadProfileRoom } from "../profile-room.ts";
import { EXTERNAL_INTERVAL_BYTES, type SiteUse } from "./allocation-sampler.ts";

/** `use` has the sample types of V8's heap profile, `all` also what was ever allocated. */
export type ExternalProfileKind = "use" | "all";

const USE: readonly ValueType[] = [
  { type: "inuse_objects", unit: "count" },
  { type: "inuse_space", unit: "bytes" },
];
const ALLOCATED: readonly ValueType[] = [
  { type: "alloc_objects", unit: "count" },
  { type: "alloc_space", unit: "bytes" },
];

/** The label that tells external memory from V8's heap, in a profile of both. */
const MEMORY_LABEL = "memory";
const ALLOCATOR_LABEL = "allocator";
/** In a profile of both, the period is V8's. */
const INTERVAL_LABEL = "sampling_interval";

/** Names of the samples without a stack. */
const UNKNOWN_BUFFERS = "(buffers of unknown origin)";
const UNKNOWN_NATIVE = "(native memory)";

/** The profile. What the process holds and no sample stands for is in it under names of its own. */
export async function buildExternalProfile(
  uses: readonly SiteUse[],
  kind: ExternalProfileKind,
): Promise<Profile> {
  const { ProfileBuilder } = await loadProfileRoom();
  const builder = new ProfileBuilder({
    sampleTypes: kind === "use" ? USE : [...ALLOCATED, ...USE],
    defaultSampleType: "inuse_space",
    periodType: { type: "space", unit: "bytes" },
    period: BigInt(EXTERNAL_INTERVAL_BYTES),
    timeNanos: BigInt(Date.now()) * 1_000_000n,
  });
  let known = 0;
  for (const { site, usedCount, usedBytes } of uses) {
    known += usedBytes;
    const use = [usedCount, usedBytes];
    const values = kind === "use" ? use : [site.allocatedCount, site.allocatedBytes, ...use];
    if (values.every((value) => value < 0.5)) continue;
    builder.addSample(
      site.frames.map((frame) => builder.internFrame(frame)),
      values.map(Math.round),
      [
        { key: ALLOCATOR_LABEL, text: site.allocator },
        { key: MEMORY_LABEL, text: "external" },
        { key: INTERVAL_LABEL, number: BigInt(EXTERNAL_INTERVAL_BYTES), unit: "bytes" },
      ],
    );
  }
  const { arrayBuffers, external } = process.memoryUsage();
  const rest = [
    { name: UNKNOWN_BUFFERS, bytes: arrayBuffers - known },
    { name: UNKNOWN_NATIVE, bytes: external - arrayBuffers },
  ];
  for (const { name, bytes } of rest) {
    if (bytes <= 0) continue;
    const frame = builder.internFrame({ function: name, file: "", line: 0 });
    const use = [1, bytes];
    builder.addSample([frame], kind === "use" ? use : [0, 0, ...use], [
      { key: MEMORY_LABEL, text: "external" },
    ]);
  }
  return builder.build();
}
