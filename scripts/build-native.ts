/**
 * Builds what of the agent is C, for the machine it runs on, with the machine's own compiler.
 * Without a compiler nothing is built and nothing fails: task profiles then cost more.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const room = join(import.meta.dirname, "../packages/agent");
const headers = fileURLToPath(new URL("include", import.meta.resolve("node-api-headers")));
const target = join(room, "native/build", `${process.platform}-${process.arch}.node`);

function build(): string {
  const sources = readdirSync(join(room, "native"))
    .filter((file) => file.endsWith(".c"))
    .map((file) => join(room, "native", file));
  mkdirSync(join(target, ".."), { recursive: true });
  const flags = ["-std=gnu11", "-O2", "-Wall", "-Wextra"];
  const shape = ["-shared", "-fPIC", "-fvisibility=hidden", "-pthread"];
  const compiler = process.env["CC"] ?? "cc";
  execFileSync(compiler, [...flags, ...shape, "-I", headers, ...sources, "-o", target, "-ldl"], {
    stdio: ["ignore", "inherit", "pipe"],
    encoding: "utf8",
  });
  return `native: built ${target}`;
}

const REMEDY =
  "so task profiles are taken in the process itself. To build it: apt-get install -y gcc libc6-dev && npm run prepare";

/** An installation goes on without it; the suites that need it say so. */
function explain(error: NodeJS.ErrnoException & { readonly stderr?: string }): string {
  if (error.code === "ENOENT") return `native: there is no C compiler here, ${REMEDY}`;
  return `${error.stderr ?? error.message}\nnative: the C compiler failed, ${REMEDY}`;
}

function buildOrExplain(): string {
  if (process.platform !== "linux") return "native: copies of a process are made on Linux only.";
  try {
    return build();
  } catch (error) {
    return explain(error as NodeJS.ErrnoException);
  }
}

console.log(buildOrExplain());
