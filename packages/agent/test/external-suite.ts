import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { decodePprof, type Profile } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { findNode } from "../../../e2e/real-parts.ts";
import { ask, NodeProgram } from "./node-program.ts";

const MEGABYTE = 1e6;

interface SiteBytes {
  readonly allocated: number;
  readonly used: number;
}

/** Megabytes by the innermost function. */
function readSites(profile: Profile): ReadonlyMap<string, SiteBytes> {
  const { samples, functions, locations, strings, sampleTypes } = profile;
  const column = (type: string): BigInt64Array | undefined =>
    samples.values[sampleTypes.findIndex((candidate) => candidate.type === type)];
  const [allocated, used] = [column("alloc_space"), column("inuse_space")];
  const sites = new Map<string, SiteBytes>();
  for (let row = 0; row < samples.count; row++) {
    const leaf = samples.stack[samples.stackOffset[row] as number] as number;
    const line = locations.lineOffset[leaf] as number;
    const name = strings[
      functions.name[locations.lineFunction[line] as number] as number
    ] as string;
    const sum = sites.get(name) ?? { allocated: 0, used: 0 };
    sites.set(name, {
      allocated: sum.allocated + Number(allocated?.[row] ?? 0) / MEGABYTE,
      used: sum.used + Number(used?.[row] ?? 0) / MEGABYTE,
    });
  }
  return sites;
}

async function takeProfile(url: string): Promise<ReadonlyMap<string, SiteBytes>> {
  const body = Buffer.from(await (await ask(url)).arrayBuffer());
  const { profile, problems } = decodePprof(gunzipSync(body));
  expect(problems).toEqual([]);
  return readSites(profile);
}

/** Everything about external memory that holds inside one version of Node. */
export function describeExternal(major: string): void {
  const node = findNode(major);
  describe.skipIf(node === undefined)(
    `external memory inside Node ${major}`,
    { timeout: 120_000 },
    () => {
      test("who watches Buffer and the typed arrays is not seen, and gone afterwards", () => {
        const output = execFileSync(
          node as string,
          [
            "--conditions=watertight-source",
            "--disable-warning=ExperimentalWarning",
            join(import.meta.dirname, "fixtures", "external-facts.mjs"),
          ],
          { encoding: "utf8" },
        );
        const [before, ...rest] = output
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as object);
        const last = rest.pop() as { watched: number; left: number; kept: number[] };
        expect(rest).toEqual([before, before, before]);
        expect(last).toEqual({ watched: expect.any(Number), left: 0, kept: [3, 3] });
        expect(last.watched).toBeGreaterThanOrEqual(11);
      });

      test.each(["buffers", "all"])(
        "what is kept is told by the line that allocated it: %s",
        async (tracking) => {
          await using program = new NodeProgram(node as string, "external.mjs", {
            env: { WATERTIGHT_EXTERNAL_MEMORY: tracking },
          });
          const url = await program.line();
          const sites = await takeProfile(`${url}/external`);
          // 40 MB each. A sample stands for half a megabyte or so: eighty of them stray by a ninth.
          for (const name of ["keepWhole", "keepView", "keepPooled"]) {
            expect([name, sites.get(name)?.used]).toEqual([name, expect.closeTo(40, -1.7)]);
          }
          expect(sites.get("dropAll")?.allocated).toBeGreaterThan(20);
          expect(sites.get("dropAll")?.used).toBeLessThan(5);
          const unknown = sites.get("(buffers of unknown origin)")?.used ?? 0;
          if (tracking === "all") expect(sites.get("keepArray")?.used).toBeCloseTo(40, -1.7);
          // What is left of 160 MB when 120 are sampled: as far off as all of them together.
          else expect([sites.has("keepArray"), unknown > 4]).toEqual([false, true]);

          const heap = await takeProfile(`${url}/heap`);
          expect(heap.get("keepWhole")?.used).toBeGreaterThan(20);
          expect(heap.has("(external)")).toBe(false);
        },
      );

      test("off, everything is of unknown origin and Buffer is Node's own", async () => {
        await using program = new NodeProgram(node as string, "external.mjs", {
          env: { WATERTIGHT_EXTERNAL_MEMORY: "off" },
        });
        const sites = await takeProfile(`${await program.line()}/external`);
        expect([...sites.keys()].toSorted()).toEqual([
          "(buffers of unknown origin)",
          "(native memory)",
        ]);
      });
    },
  );
}
