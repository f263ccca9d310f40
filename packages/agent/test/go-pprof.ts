/** What unmodified `go tool pprof` makes of a profile. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function openProfile(go: string, flags: readonly string[], profile: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "watertight-pprof-"));
  try {
    const file = join(folder, "profile.pb.gz");
    writeFileSync(file, profile);
    return execFileSync(go, ["tool", "pprof", ...flags, "-symbolize=none", file], {
      encoding: "utf8",
      env: { ...process.env, GOTOOLCHAIN: "local", PPROF_TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
