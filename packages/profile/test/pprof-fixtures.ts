/** Profiles recorded from `fixtures/pprof/writer`, built by two Go versions. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export interface RecordedProfile {
  readonly name: string;
  /** Inflated. */
  readonly bytes: Uint8Array;
  /** As the Go process wrote it. */
  readonly compressed: Uint8Array;
  /** What `go tool pprof -symbolize=none -raw` of Go 1.27 printed for it. */
  readonly raw: string;
}

const folder = new URL("fixtures/pprof/", import.meta.url);
const KINDS = ["cpu", "heap", "goroutine", "block", "mutex"];

export const RECORDED_PROFILES: readonly RecordedProfile[] = ["go1.19", "go1.27"].flatMap(
  (version) =>
    KINDS.map((kind) => {
      const compressed = new Uint8Array(readFileSync(new URL(`${version}/${kind}.pb.gz`, folder)));
      return {
        name: `${kind} of ${version}`,
        compressed,
        bytes: new Uint8Array(gunzipSync(compressed)),
        raw: readFileSync(new URL(`${version}/${kind}.raw.txt`, folder), "utf8"),
      };
    }),
);

/** One of {@link RECORDED_PROFILES}, e.g. `heap of go1.27`. */
export function recordedProfile(name: string): RecordedProfile {
  const found = RECORDED_PROFILES.find((profile) => profile.name === name);
  if (!found) throw new Error(`no recorded profile ${name}`);
  return found;
}
