import type { Profile } from "@watertight/profile";
import { expect, it } from "vitest";
import { buildCallTree, pathOf, rootByLabel } from "@watertight/flame";
import { profileOf, stacksOf } from "./profile-of.ts";

/** Three samples: two labelled `route`, one not. */
function labelledProfile(): Profile {
  const profile = profileOf(stacksOf("a;b 1\na;c 2\na;b;d 4"));
  const strings = [...profile.strings, "route", "/quote", "/list"];
  const [key, quote, list] = [strings.length - 3, strings.length - 2, strings.length - 1];
  return {
    ...profile,
    strings,
    samples: {
      ...profile.samples,
      labelOffset: Uint32Array.of(0, 1, 2, 2),
      labelKey: Uint32Array.of(key, key),
      labelString: Uint32Array.of(quote, list),
      labelNumber: new BigInt64Array(2),
      labelUnit: new Uint32Array(2),
    },
  };
}

function listPaths(profile: Profile): Record<string, number> {
  const tree = buildCallTree(profile);
  const nodes = Array.from({ length: tree.nodeCount }, (_, node) => node);
  const ended = nodes.filter((node) => tree.self[node] !== 0);
  return Object.fromEntries(ended.map((node) => [pathOf(tree, node).join(";"), tree.self[node]!]));
}

it("puts the label's value below each stack, and says where there is none", () => {
  expect(listPaths(rootByLabel(labelledProfile(), "route"))).toEqual({
    "route: /quote;a;b": 1,
    "route: /list;a;c": 2,
    "route: (none);a;b;d": 4,
  });
});

it("puts everything below one frame when no sample carries the label", () => {
  expect(listPaths(rootByLabel(labelledProfile(), "tenant"))).toEqual({
    "tenant: (none);a;b": 1,
    "tenant: (none);a;c": 2,
    "tenant: (none);a;b;d": 4,
  });
});
