import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, test } from "vitest";
import { findNode, NODE_MAJORS } from "../../../e2e/real-parts.ts";
import { HEALTHY } from "./bodies/healthy.ts";
import { LEAKY } from "./bodies/leaky.ts";

interface Judged {
  readonly name: string;
  readonly found: readonly { readonly cause: string; readonly line: string }[];
}

const judge = join(import.meta.dirname, "bodies/judge-bodies.ts");

async function judgeAll(node: string): Promise<ReadonlyMap<string, Judged["found"]>> {
  const args = ["--conditions=watertight-source", "--disable-warning=ExperimentalWarning", judge];
  const { stdout } = await promisify(execFile)(node, args);
  const lines = stdout.trim().split("\n");
  return new Map(
    lines.map((line) => JSON.parse(line) as Judged).map(({ name, found }) => [name, found]),
  );
}

describe.concurrent.each(NODE_MAJORS)("on Node %s", (major) => {
  const node = findNode(major);
  describe.skipIf(node === undefined)("checkBody", () => {
    test("names the cause and the line of everything that a body leaves", async ({ expect }) => {
      const judged = await judgeAll(node ?? "");
      for (const { name, cause, line } of LEAKY) {
        expect(judged.get(name), name).toEqual([
          expect.objectContaining({ cause, line: expect.stringContaining(line) as string }),
        ]);
      }
      for (const name of Object.keys(HEALTHY)) expect(judged.get(name), name).toEqual([]);
    });
  });
});
