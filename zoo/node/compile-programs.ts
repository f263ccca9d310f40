/** The programs of the zoo as a compiler makes them: most services run like that, with source maps beside. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { NODE_FOLDER, type ZooProgram } from "./list.ts";

/** Beside the sources, where the packages of this repository resolve. */
const COMPILED_FOLDER = join(NODE_FOLDER, "../compiled");

const FLAGS = [
  ..."--ignoreConfig --noCheck --sourceMap --target es2024 --module nodenext".split(" "),
  ..."--allowImportingTsExtensions --rewriteRelativeImportExtensions".split(" "),
];

/** Compiles programs; what is told of them has to be the lines that were written all the same. */
export function compilePrograms(programs: readonly ZooProgram[]): readonly ZooProgram[] {
  const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
  const folders = ["--rootDir", NODE_FOLDER, "--outDir", COMPILED_FOLDER];
  const sources = programs.map(({ path }) => path);
  const tsc = join(dirname(typescript), "bin/tsc");
  execFileSync(process.execPath, [tsc, ...FLAGS, ...folders, ...sources], { stdio: "inherit" });
  writeFileSync(join(COMPILED_FOLDER, "package.json"), '{ "type": "module" }\n');
  return programs.map((program) => {
    const running = relative(NODE_FOLDER, program.path).replace(/ts$/, "js");
    return { ...program, path: join(COMPILED_FOLDER, running) };
  });
}
