/** The agent as it is published: compiled, and found by the names that its package gives away. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { decodeGoroutineText } from "@watertight/profile";
import { beforeAll, describe, expect, test } from "vitest";
import { findNode, NODE_MAJORS } from "../../../e2e/real-parts.ts";
import { projectRoot } from "../../../e2e/house/source-tree.ts";
import { ask, NodeProgram } from "./node-program.ts";

const register = new URL("../dist/register.js", import.meta.url).href;
const run = promisify(execFile);

describe("the compiled agent", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    await run("npx", ["tsc", "-b", "packages/agent"], { cwd: projectRoot });
  }, 120_000);

  test.skipIf(findNode("22") === undefined).each(NODE_MAJORS)(
    "is preloaded by register in Node %s, and its worker is found",
    async (major) => {
      await using program = new NodeProgram(findNode(major) as string, "held.cjs", {
        agent: "mounted",
        flags: [`--import=${register}`],
        conditions: [],
      });
      const url = await program.line();
      const answer = await ask(`${url}/goroutine?debug=2`);
      const { groups } = decodeGoroutineText(new Uint8Array(await answer.arrayBuffer()));
      expect(groups.map(({ count, frames }) => [count, frames[0]?.function])).toEqual([
        [2, "reserve"],
      ]);
      expect(program.stderr).toBe("");
    },
  );
});
