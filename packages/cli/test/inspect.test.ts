import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseReports } from "@watertight/finding";
import { describe, expect, test } from "vitest";
import { runWatertight, scratchFolder } from "./run-watertight.ts";

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));
const series = `${fixtures}leaky-series`;
const healthy = `${fixtures}healthy-series`;
const dump = `${series}/2026-03-01T03-00-30Z.goroutine.txt`;

function frameAt(line: number): object {
  return { file: "/srv/quotes/main.go", line };
}

describe("inspect of saved captures", () => {
  test("a folder is a series: the leak is named with its rate, and the exit code says so", async () => {
    const { code, stdout, stderr } = await runWatertight(["inspect", series]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain("1 leak in");
    expect(stdout).toContain("4 captures over 30 s");
    expect(stdout).toContain("open first   /srv/quotes/main.go:40");
    expect(stdout).toContain("stuck at     /srv/quotes/main.go:51");
    expect(stdout).toContain("+1/s");
    expect(stdout).not.toContain("\u001b");
  });

  test("--json is the contract: captures, findings, and nothing else on standard output", async () => {
    const { code, stdout } = await runWatertight(["inspect", series, "--json"]);
    expect(code).toBe(1);
    const [report] = parseReports(stdout);
    expect(report).toMatchObject({ target: series, runtime: "go" });
    expect(report?.captures).toHaveLength(4);
    expect(report?.captures[3]).toEqual({
      at: "2026-03-01T03:00:30.000Z",
      profile: "goroutine",
      total: 43,
      covered: 43,
      truncated: false,
    });
    expect(report?.findings).toHaveLength(1);
    expect(report?.findings[0]).toMatchObject({
      cause: "channel-send",
      kind: "work",
      runtime: "go",
      count: 40,
      unit: "goroutines",
      state: "chan send",
      site: { function: "main.fetchPrice", ...frameAt(51) },
      creator: { function: "main.quote", ...frameAt(40) },
    });
  });

  test("a healthy series is clean, and says what it looked at", async () => {
    const { code, stdout } = await runWatertight(["inspect", healthy]);
    expect(code).toBe(0);
    expect(stdout).toContain("No leak found in");
    expect(stdout).toContain("looked at    goroutine");
  });

  test.each([
    ["debug=2 text", dump],
    ["debug=1 text", `${fixtures}leaky.goroutine.debug1.txt`],
    ["pprof", `${fixtures}leaky.goroutine.pb.gz`],
  ])("one capture as %s is read and reported, whatever it leaves open", async (_, path) => {
    const { code, stdout } = await runWatertight(["inspect", path, "--json", "--fail-on", "never"]);
    expect(code).toBe(0);
    expect(parseReports(stdout)[0]?.captures[0]).toMatchObject({
      profile: "goroutine",
      truncated: false,
    });
  });

  test.each(["leaky.goroutine.debug1.txt", "leaky.goroutine.pb.gz"])(
    "forty blocked sends in %s, where nothing decides, are an open question and no clean bill",
    async (name) => {
      const { code, stdout } = await runWatertight(["inspect", `${fixtures}${name}`]);
      expect(code).toBe(4);
      expect(stdout).toContain("Not decided: 1 open question");
      expect(stdout).toContain("40 goroutines wait at");
      expect(stdout).not.toContain("No leak found");
    },
  );

  test("standard input is a target like any other", async () => {
    const { stdout } = await runWatertight(["inspect", "-", "--json"], {
      input: readFileSync(dump),
    });
    expect(parseReports(stdout)[0]?.findings[0]?.cause).toBe("channel-send");
  });

  test("several targets are an array, and a finding outweighs a target that gave nothing", async () => {
    const { code, stdout, stderr } = await runWatertight([
      "inspect",
      series,
      `${fixtures}none.txt`,
      healthy,
      "--json",
    ]);
    expect(code).toBe(1);
    expect(parseReports(stdout).map(({ findings }) => findings.length)).toEqual([1, 0]);
    expect(stderr).toMatch(/^watertight: .+none\.txt.+\n {2}.+\n {2}WT_CAPTURE_FILE_UNREADABLE\n$/);
  });

  test.each([
    ["low", 1],
    ["high", 1],
    ["critical", 0],
    ["never", 0],
  ])("--fail-on %s gives %i for a leak of high severity", async (severity, expected) => {
    const { code } = await runWatertight(["inspect", series, "--fail-on", severity]);
    expect(code).toBe(expected);
  });

  test("a capture that is cut is incomplete when nothing was found in the rest", async () => {
    const text = readFileSync(`${healthy}/2026-03-01T03-00-30Z.goroutine.txt`);
    const { code, stdout } = await runWatertight(["inspect", "-", "--json"], {
      input: text.subarray(0, text.length - 300),
    });
    expect(code).toBe(4);
    expect(parseReports(stdout)[0]?.captures[0]?.truncated).toBe(true);
  });

  test("a file that is no capture is a coded error without a stack trace", async () => {
    const { code, stdout, stderr } = await runWatertight(["inspect", `${fixtures}quotes/main.go`]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("WT_CAPTURE_FILE_UNKNOWN");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("every file that is asked for is written, relative to the source", async () => {
    using folder = scratchFolder();
    const files = ["sarif", "sonar", "html"].map((name) => `${folder}/leaks.${name}`);
    const { stderr } = await runWatertight(
      ["inspect", series, "--sarif", files[0]!, "--sonar", files[1]!, "--html", files[2]!].concat(
        "--source-root",
        `${fixtures}quotes`,
        "--markdown",
      ),
    );
    expect(stderr).toBe("");
    const [sarif, sonar, html] = files.map((file) => readFileSync(file, "utf8"));
    const uri = JSON.parse(sarif!).runs[0].results[0].locations[0].physicalLocation.artifactLocation
      .uri;
    expect(uri).toBe("main.go");
    expect(JSON.parse(sonar!).issues[0].primaryLocation).toMatchObject({
      filePath: "main.go",
      textRange: { startLine: 40 },
    });
    expect(html).toContain('class="wt-flame"');
  });

  test("a file that cannot be written is said, and leaves no half of it behind", async () => {
    const { code, stderr } = await runWatertight(["inspect", series, "--html", "/nowhere/x.html"]);
    expect(code).toBe(2);
    expect(stderr).toContain("WT_CLI_OUTPUT_FAILED");
  });

  test("colours come on request, and NO_COLOR keeps them away from a pipe that forces none", async () => {
    const always = await runWatertight(["inspect", series, "--colour", "always"]);
    expect(always.stdout).toContain("\u001b[7;");
    const american = await runWatertight(["inspect", series, "--color", "always"]);
    expect(american.stdout).toBe(always.stdout);
    const forced = await runWatertight(["inspect", series], { env: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toBe(always.stdout);
    const none = await runWatertight(["inspect", series], {
      env: { FORCE_COLOR: "1", NO_COLOR: "1" },
    });
    expect(none.stdout).not.toContain("\u001b");
  });

  test("COLUMNS sets the width of a report that goes into a pipe", async () => {
    const { stdout } = await runWatertight(["inspect", series], { env: { COLUMNS: "60" } });
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  test("a reader that goes away ends it without a word, and hides no finding", async () => {
    const { code, stderr } = await runWatertight(
      ["inspect", ...Array.from({ length: 40 }, () => series)],
      {
        during: (child) => {
          child.stdout?.once("data", () => child.stdout?.destroy());
        },
      },
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  });

  test("a dump that tries to drive the terminal is shown, not obeyed", async () => {
    const hostile = readFileSync(dump, "utf8").replaceAll(
      "main.fetchPrice(",
      "main.fetch\u001b]0;owned\u0007\u001b[2J\u202eecirP(",
    );
    const forms = [[], ["--markdown"], ["--stacks"], ["--html", "-"]];
    for (const form of forms) {
      const { stdout } = await runWatertight(["inspect", "-", ...form], { input: hostile });
      // oxlint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      expect(stdout).toContain("\\x1b");
    }
  });
});
