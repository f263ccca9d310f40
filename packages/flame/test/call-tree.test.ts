import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildCallTree,
  diffCallTrees,
  filterCallTree,
  listTopFunctions,
  listTopFunctionsOf,
  mergeCallTrees,
  pathOf,
  pruneCallTree,
  readPattern,
  type CallTree,
} from "@watertight/flame";
import { profileOf, stacksOf, type Stack } from "./profile-of.ts";

const arbitraryStacks: fc.Arbitrary<Stack[]> = fc.array(
  fc.record({
    frames: fc.array(fc.constantFrom("a", "b", "c", "d", "e|f", ""), { maxLength: 7 }),
    value: fc.integer({ min: 0, max: 1000 }),
  }),
  { minLength: 1, maxLength: 40 },
);

function treeOf(text: string): CallTree {
  return buildCallTree(profileOf(stacksOf(text)));
}

/** The slow, obvious tree: total and self per joined path. */
function sumByPath(stacks: readonly Stack[], root: "callers" | "callees"): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const { frames, value } of stacks) {
    if (Number(value) === 0) continue;
    const names = frames.flatMap((frame) => (frame === "" ? [unknown(stacks)] : frame.split("|")));
    if (root === "callees") names.reverse();
    for (let depth = 0; depth <= names.length; depth++) {
      const path = names.slice(0, depth).join(";");
      const sum = sums.get(path) ?? [0, 0];
      sums.set(path, [
        sum[0]! + Number(value),
        sum[1]! + (depth === names.length ? Number(value) : 0),
      ]);
    }
  }
  return sums;
}

function unknown(stacks: readonly Stack[]): string {
  const locations = [...new Set(stacks.flatMap((stack) => stack.frames))];
  return `0x${(0x1000 + locations.indexOf("")).toString(16)}`;
}

function asPaths(tree: CallTree): Map<string, number[]> {
  const paths = new Map<string, number[]>();
  for (let node = 0; node < tree.nodeCount; node++) {
    paths.set(pathOf(tree, node).join(";"), [tree.total[node]!, tree.self[node]!]);
  }
  return paths;
}

describe("the call tree", () => {
  it("holds every distinct stack once, with self and total values", () => {
    const tree = treeOf("main;serve;parse 5\nmain;serve 2\nmain;serve;parse 3\nmain;idle 1");
    expect(asPaths(tree)).toEqual(
      new Map([
        ["", [11, 0]],
        ["main", [11, 0]],
        ["main;serve", [10, 2]],
        ["main;serve;parse", [8, 8]],
        ["main;idle", [1, 1]],
      ]),
    );
  });

  it("agrees with adding up every path the slow way, from both ends", () => {
    fc.assert(
      fc.property(arbitraryStacks, fc.constantFrom("callers", "callees"), (stacks, root) => {
        const expected = sumByPath(stacks, root);
        if (expected.size === 0) expected.set("", [0, 0]);
        const paths = asPaths(buildCallTree(profileOf(stacks), { root }));
        expect(paths).toEqual(expected);
      }),
    );
  });

  it("shows inlined calls as frames below their caller", () => {
    expect([...asPaths(treeOf("main|inlined|deeper;leaf 1")).keys()].at(-1)).toBe(
      "main;inlined;deeper;leaf",
    );
  });

  it("sums values far beyond 32 bits, negative ones included", () => {
    const tree = treeOf("a 9007199254740000\na 991\nb -4294967297");
    expect(tree.total[0]).toBe(9_007_199_254_740_991 - 4_294_967_297);
  });

  it("says which sample types there are when asked for another", () => {
    const profile = profileOf(stacksOf("a 1"));
    expect(() => buildCallTree(profile, { sampleType: "cpu" })).toThrow(
      'WT_FLAME_NO_SAMPLE_TYPE: The profile holds no sample type "cpu" (it holds: inuse_space).',
    );
  });

  it("tells functions of one name apart by file, except in Go", () => {
    const text = "parse 1\nparse 2";
    const named = (file: string): CallTree =>
      buildCallTree(profileOf(stacksOf(text), { fileOf: () => file }));
    const merge = (a: string, b: string): number => mergeCallTrees([named(a), named(b)]).nodeCount;
    expect(merge("/ci/a/x.go", "/home/me/a/x.go")).toBe(2);
    expect(merge("left.js", "right.js")).toBe(3);
  });

  it("walks a stack 100,000 deep", () => {
    const frames = Array.from({ length: 100_000 }, (_, depth) => (depth % 2 ? "even" : "odd"));
    const tree = buildCallTree(profileOf([{ frames, value: 1 }]));
    expect(tree.nodeCount).toBe(100_001);
    expect(listTopFunctions(tree).map(({ name, cum }) => [name, cum])).toEqual([
      ["even", 1],
      ["odd", 1],
    ]);
  });
});

describe("top functions", () => {
  it("count a recursive stack once in cum", () => {
    expect(
      listTopFunctions(treeOf("main;walk;walk;walk 4\nmain;walk;read 2\nmain 1")).map(
        ({ name, flat, cum }) => `${name} ${flat} ${cum}`,
      ),
    ).toEqual(["walk 4 6", "read 2 2", "main 1 7"]);
  });

  it("are the same from whichever end the tree grows", () => {
    fc.assert(
      fc.property(arbitraryStacks, (stacks) => {
        const profile = profileOf(stacks);
        expect(listTopFunctionsOf(profile)).toEqual(listTopFunctions(buildCallTree(profile)));
        expect(listTopFunctions(buildCallTree(profile, { root: "callees" }))).toEqual(
          listTopFunctions(buildCallTree(profile)),
        );
      }),
    );
  });
});

describe("merging and diffing", () => {
  it("merging two trees is the tree of both profiles' samples", () => {
    fc.assert(
      fc.property(arbitraryStacks, arbitraryStacks, (one, other) => {
        // The same unknown address must not stand for two things.
        const known = (stacks: Stack[]): Stack[] =>
          stacks.map((stack) => ({ ...stack, frames: stack.frames.filter((name) => name !== "") }));
        const trees = [known(one), known(other)].map((stacks) => buildCallTree(profileOf(stacks)));
        const together = buildCallTree(profileOf([...known(one), ...known(other)]));
        expect(asPaths(mergeCallTrees(trees))).toEqual(asPaths(together));
      }),
    );
  });

  it("a diff is antisymmetric and keeps both totals", () => {
    fc.assert(
      fc.property(arbitraryStacks, arbitraryStacks, (one, other) => {
        const [before, after] = [one, other].map((stacks) => buildCallTree(profileOf(stacks)));
        const forth = diffCallTrees(before!, after!);
        const back = diffCallTrees(after!, before!);
        expect(forth.total[0]).toBe(after!.total[0]);
        expect(forth.totalBefore[0]).toBe(before!.total[0]);
        const growthByPath = (diff: typeof forth, sign: number): Map<string, number> =>
          new Map(
            Array.from({ length: diff.nodeCount }, (_, node) => [
              pathOf(diff, node).join(";"),
              sign * (diff.total[node]! - diff.totalBefore[node]!) + 0,
            ]),
          );
        expect(growthByPath(forth, 1)).toEqual(growthByPath(back, -1));
      }),
    );
  });

  it("refuses to add bytes to objects", () => {
    const objects = buildCallTree(
      profileOf(stacksOf("a 1"), { type: "inuse_objects", unit: "count" }),
    );
    expect(() => mergeCallTrees([treeOf("a 1"), objects])).toThrow(
      "sample types inuse_space/bytes and inuse_objects/count",
    );
  });
});

describe("pruning and filtering", () => {
  it("pruning keeps the largest nodes, connected, with their values", () => {
    fc.assert(
      fc.property(arbitraryStacks, fc.integer({ min: 1, max: 20 }), (stacks, nodesMax) => {
        const tree = buildCallTree(profileOf(stacks));
        const pruned = pruneCallTree(tree, { nodesMax });
        expect(pruned.nodeCount).toBe(Math.min(nodesMax, tree.nodeCount));
        const paths = asPaths(tree);
        for (const [path, values] of asPaths(pruned)) expect(paths.get(path)).toEqual(values);
      }),
    );
  });

  it("pruning by fraction drops what is smaller", () => {
    const pruned = pruneCallTree(treeOf("a;b 90\na;c 9\nd 1"), { fractionMin: 0.05 });
    expect([...asPaths(pruned).keys()]).toEqual(["", "a", "a;b", "a;c"]);
  });

  it("focus and ignore keep the stacks whose functions match, or do not", () => {
    const tree = treeOf("main;serve;parse 5\nmain;serve 2\nmain;idle 1");
    expect(asPaths(filterCallTree(tree, { focus: "serve", ignore: /pars/ }))).toEqual(
      new Map([
        ["", [2, 0]],
        ["main", [2, 0]],
        ["main;serve", [2, 2]],
      ]),
    );
  });

  it("what focus keeps and ignore keeps adds up to the whole", () => {
    fc.assert(
      fc.property(arbitraryStacks, fc.constantFrom("a", "b", "f", "x"), (stacks, name) => {
        const tree = buildCallTree(profileOf(stacks));
        const focused = filterCallTree(tree, { focus: name });
        const rest = filterCallTree(tree, { ignore: name });
        expect(focused.total[0]! + rest.total[0]!).toBe(tree.total[0]);
        expect(asPaths(mergeCallTrees([focused, rest]))).toEqual(asPaths(tree));
      }),
    );
  });

  it("reads /…/ as a regular expression and everything else as text", () => {
    expect(readPattern("(*T).f")).toBe("(*T).f");
    expect(readPattern("/^net.http/")).toEqual(/^net.http/u);
    expect(() => readPattern("/(/")).toThrow("WT_FLAME_BAD_PATTERN: /(/ is no regular expression.");
  });
});
