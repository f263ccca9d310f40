import { gunzipSync } from "node:zlib";
import { decodePprof, type Profile } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { findGoToolchains, findNode } from "../../../e2e/real-parts.ts";
import { openProfile } from "./go-pprof.ts";
import { ask, NodeProgram } from "./node-program.ts";

/** Paths of the requests whose samples went through a function; empty for samples without one. */
function pathsOf(profile: Profile, wanted: string): readonly string[] {
  const { samples, functions, locations, strings } = profile;
  const paths = new Set<string>();
  for (let row = 0; row < samples.count; row++) {
    const stack = samples.stack.subarray(samples.stackOffset[row], samples.stackOffset[row + 1]);
    const names = [...stack].map((location) => {
      const line = locations.lineOffset[location] as number;
      return strings[functions.name[locations.lineFunction[line] as number] as number];
    });
    if (!names.includes(wanted)) continue;
    const labels = new Map<string, string>();
    for (let at = samples.labelOffset[row] as number; at < samples.labelOffset[row + 1]!; at++) {
      labels.set(
        strings[samples.labelKey[at] as number] as string,
        strings[samples.labelString[at] as number] as string,
      );
    }
    paths.add(labels.get("path") ?? "");
    if (labels.size > 0) expect(labels.get("method")).toBe("GET");
  }
  return [...paths];
}

const readers = findGoToolchains().filter(({ version }) => ["1.19", "1.27"].includes(version));

async function takeProfile(url: string): Promise<Buffer> {
  return Buffer.from(await (await ask(url)).arrayBuffer());
}

/** Everything about CPU profiles that holds inside one version of Node. */
export function describeCpu(
  major: string,
  { env }: { env: Readonly<Record<string, string>> },
): void {
  const node = findNode(major);
  describe.skipIf(node === undefined)(
    `CPU profiles inside Node ${major}`,
    { timeout: 60_000 },
    () => {
      test("a sample is labelled with the request that it was taken in, also past an await", async () => {
        await using program = new NodeProgram(node as string, "pricing.mjs", { env });
        const bytes = await takeProfile(`${await program.line()}/profile?seconds=2`);
        const { profile } = decodePprof(gunzipSync(bytes));
        expect(profile.sampleTypes.map(({ type }) => type)).toEqual(["samples", "cpu"]);
        expect(pathsOf(profile, "priceOrder")).toContain("/orders/:id");
        expect(pathsOf(profile, "priceOrder")).not.toContain("/quotes");
        expect(pathsOf(profile, "priceQuote")).toContain("/quotes");
        expect(pathsOf(profile, "priceQuote")).not.toContain("/orders/:id");
        expect(pathsOf(profile, "refreshRates")).toEqual([""]);
        for (const { go } of readers) {
          expect(openProfile(go, ["-tags"], bytes)).toMatch(/path: Total[^]*\/orders\/:id/);
          const focused = openProfile(go, ["-top", "-tagfocus=path=/quotes"], bytes);
          expect([focused.includes("priceQuote"), focused.includes("priceOrder")]).toEqual([
            true,
            false,
          ]);
        }
      });

      test("with the profiler ready, a profile holds what ran since it was asked for", async () => {
        await using program = new NodeProgram(node as string, "pricing.mjs", {
          env: { ...env, WATERTIGHT_CPU_PROFILE: "ready" },
        });
        const url = await program.line();
        for (const query of ["seconds=1", "seconds=1&lines=1", "seconds=1"]) {
          const { profile } = decodePprof(gunzipSync(await takeProfile(`${url}/profile?${query}`)));
          expect(pathsOf(profile, "warmUp")).toEqual([]);
          const hasLines = query.includes("lines");
          expect(pathsOf(profile, "priceOrder")).toContain(hasLines ? "" : "/orders/:id");
        }
      });

      test("with lines=1 it has the line that runs instead", async () => {
        await using program = new NodeProgram(node as string, "pricing.mjs", { env });
        const url = await program.line();
        const { profile } = decodePprof(
          gunzipSync(await takeProfile(`${url}/profile?seconds=1&lines=1`)),
        );
        expect(pathsOf(profile, "work")).toEqual([""]);
        const { locations, functions, strings } = profile;
        const lines = new Set<number>();
        for (let row = 0; row < locations.lineFunction.length; row++) {
          const name = strings[functions.name[locations.lineFunction[row] as number] as number];
          if (name === "work") lines.add(Number(locations.lineNumber[row]));
        }
        expect([...lines]).toContain(8);
      });
    },
  );
}
