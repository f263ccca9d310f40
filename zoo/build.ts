/** Builds the zoo once per Go version and source state, into `zoo/go/bin`. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { GoToolchain } from "../e2e/real-parts.ts";
import { GO_FOLDER, type ZooCommand } from "./list.ts";

const run = promisify(execFile);
const BIN_FOLDER = join(GO_FOLDER, "bin");
const BUILD_TIMEOUT_MS = 300_000;
/** A run that started before the sources changed still needs its binary. */
const KEEP_OLD_BUILD_MS = 30 * 60_000;

/** A built command of the zoo. */
export interface ZooBinary {
  readonly command: ZooCommand;
  /** `1.19`, `1.26`, … */
  readonly go: string;
  readonly path: string;
}

/**
 * Builds one command with one toolchain, unless the binary of this very source is there.
 * The module is built as of that Go version (its language and its runtime defaults), and
 * with `-trimpath` on 1.26, as images often are.
 */
export async function buildZoo(
  toolchain: GoToolchain,
  command: ZooCommand = "zoo",
): Promise<ZooBinary> {
  const path = join(BIN_FOLDER, `${command}-${toolchain.version}-${hashSources()}`);
  if (existsSync(path)) return { command, go: toolchain.version, path };
  mkdirSync(BIN_FOLDER, { recursive: true });
  removeOlder(`${command}-${toolchain.version}-`);
  const modfile = writeModfile(toolchain);
  const draft = `${path}.${process.pid}`;
  const trim = toolchain.version === "1.26" ? ["-trimpath"] : [];
  const source = command === "zoo" ? "./cmd/zoo" : `./${command}`;
  await run(toolchain.go, ["build", ...trim, `-modfile=${modfile}`, "-o", draft, source], {
    cwd: GO_FOLDER,
    timeout: BUILD_TIMEOUT_MS,
    env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-buildvcs=false" },
  });
  renameSync(draft, path);
  return { command, go: toolchain.version, path };
}

/** The module's own go.mod, with the toolchain's version in its `go` line. */
function writeModfile(toolchain: GoToolchain): string {
  const path = join(BIN_FOLDER, `go-${toolchain.version}.mod`);
  const text = readFileSync(join(GO_FOLDER, "go.mod"), "utf8");
  writeFileSync(path, text.replace(/^go .*$/m, `go ${toolchain.version}`));
  copyFileSync(join(GO_FOLDER, "go.sum"), path.replace(/mod$/, "sum"));
  return path;
}

function hashSources(): string {
  const hash = createHash("sha256");
  const sources = readdirSync(GO_FOLDER, { recursive: true, encoding: "utf8" })
    .filter((path) => /(\.go|go\.mod|go\.sum)$/.test(path) && !path.startsWith("bin"))
    .toSorted();
  for (const path of sources) hash.update(path).update(readFileSync(join(GO_FOLDER, path)));
  return hash.digest("hex").slice(0, 12);
}

/** Old builds pile up at 15 MB each. */
function removeOlder(prefix: string): void {
  for (const file of readdirSync(BIN_FOLDER).filter((name) => name.startsWith(prefix))) {
    const path = join(BIN_FOLDER, file);
    const ageMs = Date.now() - statSync(path).mtimeMs;
    if (ageMs > KEEP_OLD_BUILD_MS) rmSync(path, { force: true });
  }
}
