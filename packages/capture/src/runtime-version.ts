/** Which Go a service was built with, from what happens to be at hand. */
import { open } from "node:fs/promises";
import type { GoroutineDump } from "@watertight/profile";

// …/golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64/src/…, /usr/lib/go-1.19/src/…, /opt/go1.27/src/…
const GOROOT_VERSION =
  /(?:toolchain@v[\d.]+-go|\/go-?|\/golang-)(1\.\d+(?:\.\d+|rc\d+|beta\d+)?)(?:\.[a-z0-9]+-[a-z0-9]+)?\/(?:go\/)?src\//;
const GROUPS_LOOKED_AT = 200;

/** Reads the version out of the paths of standard-library frames; most builds do not say. */
export function readVersionFromFrames(dump: GoroutineDump): string | undefined {
  for (const group of dump.groups.slice(0, GROUPS_LOOKED_AT)) {
    for (const frame of group.frames) {
      const version = GOROOT_VERSION.exec(frame.file)?.[1];
      if (version !== undefined) return `go${version}`;
    }
  }
  return undefined;
}

/** `\xff Go buildinf:` and the flag byte 2, which says that strings follow it. */
const BUILD_INFO = Buffer.from("\xff Go buildinf:", "latin1");
const BUILD_INFO_HEADER_BYTES = 32;
const INLINE_STRINGS_FLAG = 2;
const READ_BYTES = 1024 * 1024;
const EXECUTABLE_BYTES_MAX = 512 * 1024 * 1024;
const VERSION_BYTES_MAX = 100;

/**
 * Reads the version out of a Go executable (Go 1.18 and later). Source: package
 * `debug/buildinfo`. Undefined when it is no Go program or cannot be read.
 */
export async function readVersionFromExecutable(path: string): Promise<string | undefined> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return undefined;
  try {
    const overlap = BUILD_INFO_HEADER_BYTES + VERSION_BYTES_MAX;
    const buffer = Buffer.alloc(READ_BYTES + overlap);
    for (let at = 0; at < EXECUTABLE_BYTES_MAX; at += READ_BYTES) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      const version = findBuildInfo(buffer.subarray(0, bytesRead));
      if (version !== undefined) return version;
      if (bytesRead < buffer.length) return undefined;
    }
    return undefined;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

function findBuildInfo(bytes: Buffer): string | undefined {
  for (let at = bytes.indexOf(BUILD_INFO); at !== -1; at = bytes.indexOf(BUILD_INFO, at + 1)) {
    const flags = bytes[at + BUILD_INFO.length + 1] ?? 0;
    const length = bytes[at + BUILD_INFO_HEADER_BYTES] ?? 0;
    if ((flags & INLINE_STRINGS_FLAG) === 0 || length > VERSION_BYTES_MAX) continue;
    const start = at + BUILD_INFO_HEADER_BYTES + 1;
    const version = bytes.toString("latin1", start, start + length);
    if (/^go\d/.test(version)) return version.split(" ", 1)[0];
  }
  return undefined;
}
