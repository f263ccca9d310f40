import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodeFolded, decodeGoroutineText, type GoroutineDump } from "@watertight/profile";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diagnose, type Observation } from "../src/index.ts";
import { readRecorded } from "./recorded-series.ts";

const EXAMPLES = fileURLToPath(new URL("../src/rules/examples/", import.meta.url));

function readExample(name: string): string {
  return readFileSync(`${EXAMPLES}${name}`, "utf8");
}

function decode(text: string): GoroutineDump {
  return decodeGoroutineText(new TextEncoder().encode(text));
}

function observe(text: string, atMs = 0): Observation {
  return { atMs, goroutines: decode(text) };
}

function exampleOf(cause: string, kind: "leaky" | "healthy"): string {
  const name = readdirSync(`${EXAMPLES}${cause}`).find((file) => file.startsWith(kind));
  return readExample(`${cause}/${name}`);
}

describe("a series of a leaking service", () => {
  const { findings, series } = diagnose(readRecorded("channel-send-early-return-leaky"));

  test("is one finding, with the line it is stuck at, the line that started it and its growth", () => {
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding).toMatchObject({ cause: "channel-send", severity: "high", certainty: "likely" });
    expect(finding?.site?.function).toMatch(/reserve$/);
    expect(finding?.creator?.function).toMatch(/place$/);
    expect(finding?.growth?.perHour).toBeGreaterThan(0);
    expect(finding?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(series?.captures).toBeGreaterThan(2);
  });

  test("has the same id in its last capture alone", () => {
    const last = readRecorded("channel-send-early-return-leaky").slice(-1);
    expect(diagnose(last).findings.map(({ id }) => id)).toEqual(findings.map(({ id }) => id));
  });
});

test.each([
  "channel-send-early-return-healthy",
  "hard-healthy-load-ramp-healthy",
  "hard-healthy-long-poll-healthy",
  "hard-healthy-worker-pool-healthy",
  "unclosed-body-sniff-healthy",
])("%s has no finding, as a series and capture by capture", (name) => {
  const observations = readRecorded(name);
  expect(diagnose(observations).findings).toEqual([]);
  for (const one of observations) expect(diagnose([one]).findings).toEqual([]);
});

test("nothing to look at is said, not thrown", () => {
  expect(diagnose([])).toEqual({
    findings: [],
    undecided: [],
    hasUnknownCallers: false,
    notes: ["No capture holds goroutines."],
  });
});

describe("the runtime's leak profile", () => {
  const text = exampleOf("channel-receive", "leaky");
  const marked = text.replaceAll("[chan receive]", "[chan receive (leaked)]");

  test("makes a finding proven, however few there are", () => {
    const one = `${marked.split("\n\n").find((block) => block.includes("(leaked)"))}\n`;
    const [finding] = diagnose([observe(one)]).findings;
    expect(finding).toMatchObject({ cause: "channel-receive", certainty: "proven", count: 1 });
  });

  test("is matched by stack when it is a capture of its own", () => {
    const leaked = { ...decode(marked), leakProfile: true };
    const [finding] = diagnose([{ ...observe(text), leaked }]).findings;
    expect(finding?.certainty).toBe("proven");
    expect(finding?.evidence.some((each) => each.text.includes("leak profile names"))).toBe(true);
  });

  test("proves nothing by its silence, which is said with the reason", () => {
    const leaked = { ...decode(text), groups: [], leakProfile: true };
    const { findings, notes } = diagnose([{ ...observe(text), leaked }]);
    expect(findings.map(({ certainty }) => certainty)).not.toContain("proven");
    expect(notes.some((note) => note.includes("Absence from it proves nothing"))).toBe(true);
  });
});

describe("related findings are one story", () => {
  test("rows that stay open are the cause, the exhausted pool the effect", () => {
    const { findings } = diagnose([observe(exampleOf("sql-pool-exhausted", "leaky"))]);
    const cause = findings.find((finding) => finding.cause === "sql-rows");
    const effect = findings.find((finding) => finding.cause === "sql-pool-exhausted");
    expect(effect).toBeDefined();
    expect(cause?.effects).toEqual([effect?.id]);
  });
});

describe("a program that should have come to rest", () => {
  const text = `goroutine 1 [chan receive]:
main.main()
	/srv/shop/main.go:9 +0x1

goroutine 7 [select]:
main.(*queue).run(0xc000012048)
	/srv/shop/queue.go:31 +0x3b
created by main.newQueue in goroutine 1
	/srv/shop/queue.go:12 +0x98
`;

  test("has a finding for whatever still waits, but not for main", () => {
    const { findings } = diagnose([observe(text)], { expect: "nothing-left" });
    expect(findings.map(({ site }) => site?.function)).toEqual(["main.(*queue).run"]);
  });

  test("is left alone when it is a service", () => {
    expect(diagnose([observe(text)]).findings).toEqual([]);
  });
});

describe("whatever the dump", () => {
  const names = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".txt"),
  );
  const anyExample = fc.constantFrom(...names).map((name) => readExample(name));

  test("the order of the goroutines changes nothing", () => {
    const shuffled = anyExample.chain((text) => {
      const blocks = text.trim().split("\n\n");
      const whole = { minLength: blocks.length, maxLength: blocks.length };
      return fc.tuple(fc.constant(text), fc.shuffledSubarray(blocks, whole));
    });
    fc.assert(
      fc.property(shuffled, ([text, blocks]) => {
        const ids = (from: string): string[] =>
          diagnose([observe(from)])
            .findings.map(({ id, count }) => `${id} ${count}`)
            .toSorted();
        expect(ids(`${blocks.join("\n\n")}\n`)).toEqual(ids(text));
      }),
      { numRuns: 60 },
    );
  });

  test("lost goroutines, lost lines and scrambled words never throw", () => {
    const damaged = fc
      .tuple(anyExample, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })))
      .map(([text, stream]) => {
        const roll = (): number => stream.next().value ?? 1;
        const whole = "goroutine 1 [running]:\nmain.main()\n\t/srv/main.go:1 +0x1\n\n";
        return text
          .split("\n")
          .filter(() => roll() > 0.03)
          .map((line) => (roll() > 0.1 ? line : line.replace(/0x[0-9a-f]+/, "0xffffffffffff")))
          .reduce((kept, line) => `${kept}${line}\n`, whole);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        const { findings } = diagnose([observe(text), observe(text, 1000), observe(text, 2000)]);
        for (const finding of findings) {
          expect(finding.count).toBeGreaterThan(0);
          expect(finding.confidence).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a format without ids and creators", () => {
  const profile = (count: number): string => `goroutine profile: total ${count + 1}
${count} @ 0x43a1d6 0x4063ac 0x6e6f4b 0x46d7c1
#	0x6e6f4a	io.(*pipe).write+0x1a	/usr/local/go/src/io/pipe.go:86
#	0x6e6f4b	main.encode+0x2b	/srv/shop/encode.go:12

1 @ 0x43a1d6 0x4063ac 0x6e6f4b 0x46d7c1
#	0x6e6f4a	main.main+0x1a	/srv/shop/main.go:9

`;

  test("still names the cause when a thousand wait where nobody parks on purpose", () => {
    const { findings } = diagnose([observe(profile(1200))]);
    expect(findings.map(({ cause, certainty }) => [cause, certainty])).toEqual([
      ["pipe", "suspect"],
    ]);
  });

  test("is not taken at its number below that, and the report says what is missing", () => {
    const { findings, notes } = diagnose([observe(profile(400))]);
    expect(findings).toEqual([]);
    expect(notes.some((note) => note.includes("Capture goroutine?debug=2"))).toBe(true);
  });
});

describe("handlers on connections that are kept alive", () => {
  const waiting = `golang.org/x/sync/errgroup.(*Group).Wait(0xc0001)
	/root/go/pkg/mod/golang.org/x/sync@v0.3.0/errgroup/errgroup.go:53 +0x1c
example.com/shop/fan.serve({0x8a1, 0xc0002}, 0xc0003)
	/src/shop/fan.go:30 +0x99`;
  const starting = `golang.org/x/sync/errgroup.(*Group).Go(0xc0001, 0xc0004)
	/root/go/pkg/mod/golang.org/x/sync@v0.3.0/errgroup/errgroup.go:68 +0x8c
example.com/shop/fan.serve({0x8a1, 0xc0002}, 0xc0003)
	/src/shop/fan.go:20 +0x77`;
  const handler = (id: number, isStarting: boolean): string =>
    `goroutine ${id} [${isStarting ? "chan send" : "sync.WaitGroup.Wait"}]:
${isStarting ? starting : waiting}
net/http.(*conn).serve(0xc000${id}, {0x8a1b00, 0xc0005})
	/usr/local/go/src/net/http/server.go:2102 +0x625
created by net/http.(*Server).Serve in goroutine 1
	/usr/local/go/src/net/http/server.go:3464 +0x485
`;
  const capture = (isStartingAt: (id: number) => boolean): string =>
    Array.from({ length: 28 }, (_, index) => handler(50 + index, isStartingAt(50 + index))).join(
      "\n",
    );

  test("are not stuck at a stack that each of them leaves and comes back to", () => {
    const series = [3, 5, 2, 4].map((step, at) =>
      observe(
        capture((id) => (id * 7 + at) % step < step / 2),
        at * 1000,
      ),
    );
    expect(diagnose(series).findings).toEqual([]);
  });

  test("are stuck when each of them is where it was", () => {
    const series = [0, 1, 2, 3].map((at) =>
      observe(
        capture(() => true),
        at * 1000,
      ),
    );
    expect(diagnose(series).findings.map(({ cause }) => cause)).toEqual(["errgroup"]);
  });
});

test("handlers of a Go that names no parents wait for their work while their clients wait for them", () => {
  const handler = (id: number): string => `goroutine ${id} [semacquire]:
sync.runtime_Semacquire(0xc0001)
	/usr/local/go/src/runtime/sema.go:62 +0x25
sync.(*WaitGroup).Wait(0xc0001)
	/usr/local/go/src/sync/waitgroup.go:139 +0x52
example.com/shop/batch.serve({0x8a1, 0xc0002}, 0xc0003)
	/src/shop/batch.go:30 +0x99
net/http.(*conn).serve(0xc000${id}, {0x8a1b00, 0xc0005})
	/usr/local/go/src/net/http/server.go:1991 +0x607
created by net/http.(*Server).Serve
	/usr/local/go/src/net/http/server.go:3102 +0x4db
`;
  const read = (id: number): string => `goroutine ${id} [IO wait]:
internal/poll.runtime_pollWait(0x7f, 0x72)
	/usr/local/go/src/runtime/netpoll.go:305 +0x89
net.(*conn).Read(0xc0006, {0xc0007, 0x1, 0x1})
	/usr/local/go/src/net/net.go:183 +0x45
net/http.(*connReader).backgroundRead(0xc0008)
	/usr/local/go/src/net/http/server.go:674 +0x3f
created by net/http.(*connReader).startBackgroundRead
	/usr/local/go/src/net/http/server.go:670 +0xca
`;
  const series = (isClientThere: boolean): readonly Observation[] =>
    [0, 1, 2, 3].map((at) => {
      const handlers = Array.from({ length: 30 }, (_, index) => handler(50 + index));
      const reads = Array.from({ length: 30 }, (_, index) => read(1000 + at * 100 + index));
      return observe([...handlers, ...(isClientThere ? reads : [])].join("\n"), at * 1000);
    });
  expect(diagnose(series(true)).findings).toEqual([]);
  expect(diagnose(series(false)).findings.map(({ cause }) => cause)).toEqual(["waitgroup"]);
});

describe("a select over a ticker", () => {
  const goroutines = decode(readExample("ticker-loop/leaky-presence-go1.27.txt"));
  const made = (stack: string): Observation["heap"] =>
    decodeFolded(new TextEncoder().encode(`${stack} 65536\n`), {
      sampleType: { type: "alloc_space", unit: "bytes" },
    }).profile;
  const causesWith = (heap: Observation["heap"]): readonly string[] =>
    diagnose([{ atMs: 0, goroutines, ...(heap ? { heap } : {}) }]).findings.map(
      ({ cause }) => cause,
    );

  test("is a ticker loop when the heap shows that its function made tickers", () => {
    const beat = "example.com/zoo/ticker-loop/presence.(*user).beat";
    expect(causesWith(made(`${beat};time.NewTicker`))).toEqual(["ticker-loop"]);
    expect(causesWith(made(`${beat};time.NewTicker;time.newTimer`))).toEqual(["ticker-loop"]);
  });

  test("is any select when another function made them, or nobody knows", () => {
    expect(causesWith(made("main.refresh;time.NewTicker"))).toEqual(["select-forever"]);
    expect(causesWith(undefined)).toEqual(["select-forever"]);
  });
});
