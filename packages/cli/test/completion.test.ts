import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { runWatertight } from "./run-watertight.ts";

async function scriptFor(shell: string): Promise<string> {
  return (await runWatertight(["completion", shell])).stdout;
}

/** What bash offers after these words, the last of which is being typed. */
function completeInBash(script: string, words: readonly string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const program = `${script}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
_watertight; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["--norc", "-c", program], { encoding: "utf8" });
  return output.split("\n").filter((line) => line !== "");
}

test("bash takes its script without a complaint", async () => {
  const script = await scriptFor("bash");
  expect(execFileSync("bash", ["-n"], { input: script, encoding: "utf8" })).toBe("");
  expect(
    execFileSync("bash", ["--norc", "-c", `${script}\ncomplete -p watertight`], {
      encoding: "utf8",
    }),
  ).toContain("_watertight");
});

test("bash completes commands, options and the values of options", async () => {
  const script = await scriptFor("bash");
  expect(completeInBash(script, ["watertight", "in"])).toEqual(["inspect"]);
  expect(completeInBash(script, ["watertight", "inspect", "--sa"])).toEqual(["--sarif"]);
  expect(completeInBash(script, ["watertight", "inspect", ":6060", "--fail-on", "h"])).toEqual([
    "high",
  ]);
  expect(completeInBash(script, ["watertight", "completion", ""])).toEqual(["bash", "zsh", "fish"]);
  expect(completeInBash(script, ["watertight", "help", "ver"])).toEqual(["verify"]);
  expect(completeInBash(script, ["watertight", "inspect", "--sarif", "x"])).toEqual([]);
});

test.each(["zsh", "fish"])("the script for %s names every option of inspect", async (shell) => {
  const script = await scriptFor(shell);
  await expect(script).toMatchFileSnapshot(`goldens/completion.${shell}`);
  const { stdout } = await runWatertight(["inspect", "--help"]);
  for (const [, option] of stdout.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)) {
    expect(script).toContain(shell === "fish" ? `-l ${option} ` : `*--${option}[`);
  }
});
