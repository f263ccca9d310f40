import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildCallTree,
  diffCallTrees,
  flameScript,
  formatShare,
  formatValue,
  layoutFlame,
  renderFlameFragment,
  renderFlameHtml,
  renderFlameSvg,
  type CallTree,
} from "@watertight/flame";
import { originOf, packageOf } from "../src/frame-origin.ts";
import { sha256Base64 } from "../src/sha256.ts";
import { profileOf, stacksOf, type Stack } from "./profile-of.ts";

const HOSTILE = [
  `</script><script>alert(1)</script>`,
  `<img src=x onerror=alert(1)>`,
  `"><b>&amp;]]>`,
  `a\u0000\u001b[31m\ud800\u2028`,
  `__proto__`,
  `main.\u202eyrots\u2066\u200f\ufeff`,
];
/** Nothing of this may reach a reader: it acts, or turns the text around it. */
const ACTIVE = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function treeOf(text: string): CallTree {
  return buildCallTree(profileOf(stacksOf(text)));
}

function hostileTree(): CallTree {
  return buildCallTree(profileOf([{ frames: HOSTILE, value: 4096 }]));
}

describe("the layout", () => {
  it("places children inside their parents, side by side, largest first", () => {
    const stacks: fc.Arbitrary<Stack[]> = fc.array(
      fc.record({
        frames: fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 6 }),
        value: fc.integer({ min: 1, max: 1000 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(stacks, (drawn) => {
        const tree = buildCallTree(profileOf(drawn));
        const { count, node, x, width, depth } = layoutFlame(tree, { minWidthPx: 0 });
        const rowOf = new Map(Array.from(node, (id, row) => [id, row]));
        const filled = new Map<number, number>();
        for (let row = 1; row < count; row++) {
          const above = rowOf.get(tree.parent[node[row]!]!)!;
          expect(depth[row]).toBe(depth[above]! + 1);
          expect(x[row]).toBeCloseTo(filled.get(above) ?? x[above]!, 6);
          filled.set(above, x[row]! + width[row]!);
          expect(x[row]! + width[row]!).toBeLessThanOrEqual(x[above]! + width[above]! + 1e-6);
        }
        expect(count).toBe(tree.nodeCount);
      }),
    );
  });

  it("leaves out what is too narrow and says how much", () => {
    const layout = layoutFlame(treeOf("a 999\nb;c;d 1"), { widthPx: 100, minWidthPx: 1 });
    expect([layout.count, layout.hidden]).toEqual([2, 3]);
  });
});

describe("the SVG", () => {
  it("is one readable document", () => {
    const tree = treeOf("main.main;net/http.(*conn).serve;shop.Search 3145728\nmain.main 1048576");
    expect(renderFlameSvg(tree, { title: "shop · heap", widthPx: 600 })).toMatchInlineSnapshot(`
      "<svg xmlns="http://www.w3.org/2000/svg" width="632" height="150" viewBox="0 0 632 150" role="img">
      <title>shop · heap</title>
      <style>text{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1d2129}
      .h{font:600 16px system-ui,-apple-system,"Segoe UI",sans-serif}.s{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#5b6472}
      .b{fill:#fff}.f:hover rect{stroke:#1d2129;stroke-width:1}
      @media(prefers-color-scheme:dark){.b{fill:#15181e}.h{fill:#eceff4}.s{fill:#9aa4b2}}</style>
      <rect class="b" width="632" height="150"/>
      <text class="h" x="16" y="25">shop · heap</text>
      <text class="s" x="16" y="43">inuse_space · 4.00 MiB in all</text>
      <rect x="220" y="33" width="11" height="11" rx="2" fill="#f5a674"/><text class="s" x="236" y="43">service</text><rect x="298.3" y="33" width="11" height="11" rx="2" fill="#93cfbe"/><text class="s" x="314.3" y="43">dependency</text><rect x="397.3" y="33" width="11" height="11" rx="2" fill="#afc6e2"/><text class="s" x="413.3" y="43">standard library</text><rect x="537.7" y="33" width="11" height="11" rx="2" fill="#cdd0d8"/><text class="s" x="553.7" y="43">runtime</text>
      <g class="f"><title>all
      4.00 MiB, 100 %</title><rect x="16" y="58" width="599.4" height="18" rx="2" fill="#d4d6dd"/><text x="20" y="71">all</text></g>
      <g class="f"><title>main.main
      4.00 MiB, 100 %</title><rect x="16" y="77" width="599.4" height="18" rx="2" fill="#f5d07d"/><text x="20" y="90">main.main</text></g>
      <g class="f"><title>net/http.(*conn).serve
      3.00 MiB, 75.0 %</title><rect x="16" y="96" width="449.4" height="18" rx="2" fill="#b6c3e4"/><text x="20" y="109">http.(*conn).serve</text></g>
      <g class="f"><title>shop.Search
      3.00 MiB, 75.0 %</title><rect x="16" y="115" width="449.4" height="18" rx="2" fill="#f5bc78"/><text x="20" y="128">shop.Search</text></g>
      </svg>
      "
    `);
  });

  it("shows both sides of a difference", () => {
    const diff = diffCallTrees(treeOf("main;gone 512\nmain;kept 1024"), treeOf("main;kept 2048"));
    const svg = renderFlameSvg(diff);
    expect(svg).toContain("<title>gone\n512 B → 0 B (-512 B)</title>");
    expect(svg).toContain("<title>kept\n1.00 KiB → 2.00 KiB (+1.00 KiB)</title>");
  });

  it("has no scripts and escapes every name", () => {
    const svg = renderFlameSvg(hostileTree(), { title: HOSTILE.at(-1)! + HOSTILE[0]! });
    expect(svg).not.toMatch(ACTIVE);
    expect(svg).toContain(String.raw`main.\u202eyrots`);
    expect(svg).not.toMatch(/<script|<img|<b>|onerror=[^&]*>|[\ud800-\udfff]/);
    expect(Array.from(svg).filter((character) => character < " " && character !== "\n")).toEqual(
      [],
    );
    expect(svg).toContain("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    const tags = svg.match(/<[^>]*>/g)!;
    expect(tags.filter((tag) => /^<\w[^>]*[^/]>$/.test(tag)).length).toBe(
      tags.filter((tag) => tag.startsWith("</")).length,
    );
  });

  it("draws an empty profile as an empty graph", () => {
    expect(renderFlameSvg(buildCallTree(profileOf([])))).toContain("0 B in all");
  });
});

describe("the page", () => {
  it("keeps hostile names inside the data, where they are only text", () => {
    const html = renderFlameHtml(hostileTree(), { title: HOSTILE[0]! });
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    const data = /type="application\/json"[^>]*>(.*)<\/script>/.exec(html)![1]!;
    expect(JSON.parse(data).name.slice(1)).toEqual([
      ...HOSTILE.slice(0, 3),
      String.raw`a\u0000\u001b[31m` + "\ufffd" + String.raw`\u2028`,
      "__proto__",
      String.raw`main.\u202eyrots\u2066\u200f\ufeff`,
    ]);
    for (const text of [JSON.parse(data).name.join(), html.replace(data, "")])
      expect(text).not.toMatch(ACTIVE);
  });

  it("loads nothing and allows only what it holds, by hash or by nonce", () => {
    const tree = treeOf("main 1");
    const { css, cssHash, script, scriptHash } = renderFlameFragment(tree);
    const sha = (text: string): string =>
      `sha256-${createHash("sha256").update(text).digest("base64")}`;
    expect([cssHash, scriptHash]).toEqual([sha(css), sha(script)]);
    const html = renderFlameHtml(tree);
    expect(html).toContain(`script-src '${scriptHash}'`);
    expect(html).toContain(`style-src '${sha(/<style>([^]*)<\/style>/.exec(html)![1]!)}'`);
    expect(html).not.toMatch(/https?:|\son\w+=|unsafe/);
    expect(renderFlameHtml(tree, { nonce: "r4nd0m" })).toContain("script-src 'nonce-r4nd0m'");
    expect(renderFlameHtml(tree, { nonce: `x' 'unsafe-inline` })).not.toContain("' 'unsafe");
  });

  it("writes every part of its script once, as plain JavaScript", () => {
    const names = [...flameScript().matchAll(/^function (\w+)/gm)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("startFlames");
    // oxlint-disable-next-line typescript/no-implied-eval
    expect(() => new Function(flameScript())).not.toThrow();
    expect(flameScript()).not.toContain("</script");
  });

  it("ships at most the nodes asked for", () => {
    const stacks = Array.from({ length: 300 }, (_, row) => `main;f${row} ${row + 1}`).join("\n");
    const { data } = renderFlameFragment(treeOf(stacks), { nodesMax: 100 });
    expect(JSON.parse(data)).toMatchObject({ hidden: 202 });
    expect(JSON.parse(data).level).toHaveLength(100);
  });
});

describe("whose code a frame is", () => {
  it.each([
    ["runtime.gopark", "/usr/local/go/src/runtime/proc.go", "runtime"],
    ["internal/runtime/maps.(*Map).PutSlot", "", "runtime"],
    ["runtime/pprof.Do", "", "std"],
    ["net/http.(*conn).serve", "/usr/local/go/src/net/http/server.go", "std"],
    ["slices.SortFunc[go.shape.[]github.com/a/b.T]", "", "std"],
    ["main.main", "/srv/app/main.go", "app"],
    ["github.com/acme/shop/api.List", "/ci/shop/api/list.go", "app"],
    [
      "github.com/lib/pq.(*conn).query",
      "/root/go/pkg/mod/github.com/lib/pq@v1.10.9/conn.go",
      "dependency",
    ],
    ["golang.org/x/net/http2.(*Framer).ReadFrame", "", "dependency"],
    ["parse", "/srv/app/node_modules/acorn/index.js", "dependency"],
    ["readFileSync", "node:fs", "std"],
    ["handle.request", "/srv/app/src/server.ts", "app"],
    ["(garbage collector)", "", "runtime"],
    ["[libc.so.6]", "", "runtime"],
  ])("%s in %s is %s", (name, file, origin) => {
    expect(originOf(name, file)).toBe(origin);
  });

  it("tells packages by name in Go, by file elsewhere", () => {
    expect(packageOf("github.com/a/b.v2.(*T).f", "")).toBe("github.com/a/b");
    expect(packageOf("main.Map[github.com/x/y.K].Get", "")).toBe("main");
    expect(packageOf("handle.request", "/srv/server.ts")).toBe("/srv/server.ts");
  });
});

describe("values", () => {
  it.each([
    [0, "bytes", "0 B"],
    [1023, "bytes", "1,023 B"],
    [1536, "bytes", "1.50 KiB"],
    [-3 * 2 ** 30, "bytes", "-3.00 GiB"],
    [2 ** 60, "bytes", "1,048,576 TiB"],
    [1_500, "nanoseconds", "1.50 µs"],
    [2.5e9, "nanoseconds", "2.50 s"],
    [90, "seconds", "1.50 min"],
    [12_345, "count", "12,345"],
    [0.25, "count", "0.25"],
  ])("%d %s is written %s", (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it("never show a small share as nothing", () => {
    expect([formatShare(1, 1e6), formatShare(0, 5), formatShare(1, 3), formatShare(1, 1)]).toEqual([
      "< 0.1 %",
      "0 %",
      "33.3 %",
      "100 %",
    ]);
  });

  it("hash as Node's crypto does, at every length around a block", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 150 }), (text) => {
        expect(sha256Base64(text)).toBe(createHash("sha256").update(text).digest("base64"));
      }),
    );
  });
});
