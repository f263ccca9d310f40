import * as fc from "fast-check";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../e2e/real-parts.ts";
import { renderHtml } from "../src/index.ts";
import { hashSource } from "../src/content-hash.ts";
import { arbitraryReport } from "./examples/arbitrary-report.ts";
import { leakyReport, rowsNeverClosed } from "./examples/report.ts";

const root = "/srv/orders";
const flame = {
  html: '<div id="flame-slot">flame</div>',
  css: "#flame-slot { color: rgb(1, 2, 3) }",
  script: 'document.getElementById("flame-slot").textContent = "drawn";',
};

test("a hash is the one that browsers compute", async () => {
  expect(await hashSource("alert(1)")).toBe(
    "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
  );
});

test("the page reads like the golden", async () => {
  await expect(await renderHtml(leakyReport, { root })).toMatchFileSnapshot("goldens/report.html");
});

test("nothing loads and nothing of a report becomes markup", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryReport, async (report) => {
      const page = await renderHtml(report, { root });
      expect(page.match(/<script/g)).toHaveLength(1);
      expect(page).not.toMatch(/<(?:img|svg|link|iframe)/);
      expect(page).not.toMatch(/ (?:src|href|style|on\w+)=["'][^"']*["']/);
    }),
    { numRuns: 50 },
  );
});

describe.skipIf(findChromium() === undefined)("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: findChromium()!,
      args: ["--no-sandbox", "--disable-gpu"],
    });
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function openPage(html: string, width: number) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith("data:text/html")) complaints.push(request.url());
    });
    await page.goto(`data:text/html;base64,${Buffer.from(html).toString("base64")}`);
    return { page, complaints };
  }

  test.each([375, 1280])(
    "the page fits %i columns, draws its flame graph and breaks no policy",
    async (width) => {
      const { page, complaints } = await openPage(
        await renderHtml(leakyReport, { root, flame }),
        width,
      );
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(await page.textContent("#flame-slot")).toBe("drawn");
      expect(await page.textContent("h1")).toBe("2 leaks and 1 suspect");
      expect(await page.locator("article").count()).toBe(4);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test("a button copies the fix, or selects it where copying is not allowed", async () => {
    const { page } = await openPage(await renderHtml(leakyReport, { root }), 1000);
    const button = page.getByRole("button", { name: "Copy fix" }).first();
    await button.click();
    await page.getByRole("button", { name: /Copied|Selected/ }).waitFor();
    await page.close();
  });

  test("hostile names stay text", async () => {
    const title =
      '</script><img src=x onerror="document.title=1"><script>document.title=2</script>';
    const hostile = { ...leakyReport, findings: [{ ...rowsNeverClosed, title }] };
    const { page, complaints } = await openPage(await renderHtml(hostile), 800);
    expect(await page.textContent(".title")).toBe(title);
    expect(await page.title()).toContain("Watertight");
    expect(complaints).toEqual([]);
    await page.close();
  });
});
