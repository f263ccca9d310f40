/** The interactive flame graph, in a real browser. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  buildCallTree,
  diffCallTrees,
  renderFlameHtml,
  renderFlameSvg,
  type CallTree,
} from "@watertight/flame";
import { findChromium } from "../../../e2e/real-parts.ts";
import { profileOf, stacksOf, type Stack } from "./profile-of.ts";
import { seeded } from "./series-of.ts";

const executablePath = findChromium();

const SHOP = stacksOf(`
  main.main;net/http.Serve;shop.Search;cache.Put;bytes.Clone 40000000
  main.main;net/http.Serve;shop.Search;encoding/json.Decode 20000000
  main.main;net/http.Serve;shop.Checkout;encoding/json.Decode 10000000
  main.main;shop.warmUp 30000000
`);

function treeOf(stacks: readonly Stack[]): CallTree {
  return buildCallTree(profileOf(stacks));
}

/** A wide, deep tree of about as many nodes as asked for. */
function largeTree(nodes: number): CallTree {
  const random = seeded(1);
  const stacks = Array.from({ length: nodes / 12 }, () => ({
    frames: Array.from(
      { length: 25 },
      (_, depth) => `pkg${depth}.step${Math.floor(random() * random() * (depth < 12 ? 3 : 8))}`,
    ),
    value: 1 + Math.floor(random() * 1000),
  }));
  return treeOf(stacks);
}

const WRITE_SCRIPT = `const { flameScript } = await import(process.argv[1]);
process.stdout.write(flameScript());`;

function sourceOf(file: string): string {
  return fileURLToPath(new URL(`../src/${file}`, import.meta.url));
}

/** Compiles the room with tsc into a folder of its own. */
function emit(folder: string): string {
  const room = fileURLToPath(new URL("..", import.meta.url));
  const packages = join(room, "../../node_modules");
  const tsc = join(packages, ".bin/tsc");
  const outDir = join(folder, "dist");
  const off = ["composite", "incremental", "declaration", "declarationMap", "isolatedDeclarations"];
  execFileSync(tsc, [
    "-p",
    room,
    "--outDir",
    outDir,
    "--noCheck",
    ...off.flatMap((flag) => [`--${flag}`, "false"]),
  ]);
  writeFileSync(join(outDir, "package.json"), '{"type":"module"}');
  symlinkSync(packages, join(folder, "node_modules")); // for the rooms that this one imports
  return join(outDir, "render-flame-html.js");
}

describe.skipIf(!executablePath)("in a browser", () => {
  let browser: Browser;
  let folder = "";
  let page: Page;
  const troubles: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "watertight-flame-"));
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    page = await browser.newPage({
      viewport: { width: 1000, height: 700 },
      reducedMotion: "reduce",
    });
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) troubles.push(`asked for ${request.url()}`);
    });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(html: string, name = "page.html"): Promise<void> {
    troubles.length = 0;
    writeFileSync(join(folder, name), html);
    await page.goto(pathToFileURL(join(folder, name)).href);
  }

  const details = (): Promise<string> => page.locator('[data-part="details-name"]').innerText();
  const value = (): Promise<string> => page.locator('[data-part="details-value"]').innerText();
  /** Points at a row of the chart, at a fraction of its width. */
  async function point(row: number, across: number): Promise<{ x: number; y: number }> {
    const box = (await page.locator('[data-part="chart"]').boundingBox())!;
    const at = { x: box.x + across * box.width, y: box.y + row * 20 + 10 };
    await page.mouse.move(at.x, at.y);
    return at;
  }

  it("shows what the pointer is on, zooms on click and comes back", async () => {
    await open(renderFlameHtml(treeOf(SHOP), { title: "shop" }));
    const search = await point(3, 0.3);
    expect(await details()).toBe("shop.Search");
    expect(await value()).toBe("57.2 MiB · 60.0 % of all");
    await page.mouse.click(search.x, search.y);
    await point(4, 0.9);
    expect(await details()).toBe("encoding/json.Decode");
    expect(await page.getByRole("button", { name: "Reset zoom" }).isEnabled()).toBe(true);
    await page.keyboard.press("Escape");
    await point(2, 0.9);
    expect(await details()).toBe("shop.warmUp");
    expect(troubles).toEqual([]);
  });

  it("searches as one types and says what share of the whole matches", async () => {
    await open(renderFlameHtml(treeOf(SHOP)));
    const before = await page.locator("canvas").first().screenshot();
    await page.keyboard.press("/");
    await page.keyboard.type("JSON");
    expect(await page.locator("output").innerText()).toBe("1 function, 30.0 %");
    expect((await page.locator("canvas").first().screenshot()).equals(before)).toBe(false);
    await page.locator("input").fill("/^shop\\.(S|C)/");
    expect(await page.locator("output").innerText()).toBe("2 functions, 70.0 %");
    await page.keyboard.press("Escape");
    expect(await page.locator("output").innerText()).toBe("");
    expect((await page.locator("canvas").first().screenshot()).equals(before)).toBe(true);
    expect(troubles).toEqual([]);
  });

  it("walks the tree by arrow keys", async () => {
    await open(renderFlameHtml(treeOf(SHOP)));
    const walked: string[] = [];
    for (const key of [
      "ArrowDown",
      "ArrowDown",
      "ArrowRight",
      "ArrowLeft",
      "ArrowDown",
      "ArrowUp",
    ]) {
      await page.keyboard.press(key);
      walked.push(await details());
    }
    expect(walked).toEqual([
      "main.main",
      "net/http.Serve",
      "shop.warmUp",
      "net/http.Serve",
      "shop.Search",
      "net/http.Serve",
    ]);
    expect(troubles).toEqual([]);
  });

  it("lists functions and opens one between its callers and callees", async () => {
    await open(renderFlameHtml(treeOf(SHOP)));
    await page.getByRole("tab", { name: "Functions" }).click();
    const rows = page.locator("tbody tr");
    expect(await rows.first().innerText()).toMatch(/^38\.1 MiB\s+38\.1 MiB\s+bytes\.Clone$/);
    await page.getByRole("button", { name: "Total" }).click();
    expect(await rows.first().innerText()).toMatch(/main\.main$/);
    await page.locator("tr", { hasText: "encoding/json.Decode" }).click();
    expect(await page.locator("h3").innerText()).toBe("encoding/json.Decode");
    const callers = (await page.locator('[data-part="callers"]').boundingBox())!;
    await page.mouse.move(callers.x + callers.width * 0.9, callers.y + callers.height - 30);
    expect(await details()).toBe("shop.Checkout");
    expect(await value()).toMatch(/^9\.54 MiB · 33\.3 % of all/);
    expect(troubles).toEqual([]);
  });

  it("shows a difference in its table and its details", async () => {
    const grown = SHOP.map((stack, row) => ({
      ...stack,
      value: Number(stack.value) * (row === 0 ? 2 : 1),
    }));
    await open(renderFlameHtml(diffCallTrees(treeOf(SHOP), treeOf(grown))));
    await point(5, 0.1);
    expect(await details()).toBe("bytes.Clone");
    expect(await value()).toBe("38.1 MiB → 76.3 MiB (+38.1 MiB) · self 76.3 MiB");
    await page.getByRole("tab", { name: "Functions" }).click();
    expect(await page.locator("tbody tr").last().innerText()).toContain("0 B");
    expect(troubles).toEqual([]);
  });

  it("takes hostile names as text, with not one violation of its policy", async () => {
    const names = [
      `</script><script>document.title="owned"</script>`,
      `<img src=x onerror=alert(1)>`,
    ];
    await open(
      renderFlameHtml(treeOf([{ frames: names, value: 5 }]), { title: names[1]!, nonce: "abc" }),
    );
    await page.getByRole("tab", { name: "Functions" }).click();
    expect(await page.locator("tbody tr").allInnerTexts()).toEqual(
      names.toReversed().map((name) => expect.stringContaining(name)),
    );
    expect(await page.title()).toBe(names[1]);
    expect(await page.locator("img").count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it("draws 50,000 nodes at once", async () => {
    const tree = largeTree(50_000);
    expect(tree.nodeCount).toBeGreaterThan(45_000);
    await open(renderFlameHtml(tree));
    await point(8, 0.2);
    expect(await details()).toMatch(/^pkg7\.step\d$/);
    await page.keyboard.press("/");
    await page.keyboard.type("step2");
    expect(await page.locator("output").innerText()).toMatch(/^\d+ functions, \d/);
    expect(troubles).toEqual([]);
  });

  it.each(["the sources under Node", "what tsc emits"])("runs as written by %s", async (how) => {
    const rendered = how.startsWith("what") ? emit(folder) : sourceOf("render-flame-html.ts");
    const script = execFileSync(
      process.execPath,
      [
        "--conditions=watertight-source",
        "--input-type=module",
        "-e",
        WRITE_SCRIPT,
        pathToFileURL(rendered).href,
      ],
      { encoding: "utf8" },
    );
    const html = renderFlameHtml(treeOf(SHOP), { nonce: "n" });
    const [start, end] = [html.lastIndexOf('<script nonce="n">'), html.lastIndexOf("</script>")];
    await open(`${html.slice(0, start)}<script nonce="n">${script}${html.slice(end)}`);
    await point(1, 0.5);
    expect(await details()).toBe("main.main");
    expect(troubles).toEqual([]);
  });

  it("reads the SVG as well-formed XML, whatever the names", async () => {
    const names = [`a<b>&"'`, `]]>`, `\u0000\u001b\ud800x`, `<!--`, `&nope;`, `<script>`];
    const svg = renderFlameSvg(treeOf([{ frames: names, value: 7 }]), { title: names.join() });
    const found = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      return [
        parsed.querySelector("parsererror")?.textContent,
        parsed.querySelectorAll("rect").length,
      ];
    }, svg);
    expect(found).toEqual([undefined, 12]);
  });
});
