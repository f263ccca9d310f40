import { describe, expect, it } from "vitest";
import { describeShape, readShapes, type ShapeReading } from "@watertight/flame";
import { noise, seeded, seriesOf, steadyStacks, type Course } from "./series-of.ts";

const STACK = "main;serve;search;put";
type Draw = (random: () => number, captures: number) => Course;

/** What services do without leaking. */
const BENIGN: Readonly<Record<string, Draw>> = {
  "at rest": (random) => () => 20 + noise(random),
  "a warm-up that levels off": (random, captures) => {
    const pace = captures / (3 + 7 * random());
    return (capture) => 40 * (1 - Math.exp(-capture / pace)) + 0.5 * noise(random);
  },
  "one step, as after a deployment": (random, captures) => {
    const at = captures * random();
    return (capture) => (capture < at ? 10 : 30) + noise(random);
  },
  "a flat sawtooth": (random, captures) => {
    const period = 4 + Math.floor(random() * captures * 0.5);
    const phase = Math.floor(random() * period);
    return (capture) => 5 + (30 * ((capture + phase) % period)) / period + 0.5 * noise(random);
  },
  "wandering around a level": (random) => {
    const memory = 0.3 + 0.5 * random();
    let away = 0;
    return () => 20 + 2 * (away = memory * away + noise(random));
  },
  spikes: (random) => () => 15 + (random() < 0.1 ? 30 * random() : 0) + noise(random),
};

/** What leaks do. */
const LEAKING: Readonly<Record<string, Draw>> = {
  "a steady leak": (random, captures) => {
    const size = 20 + 50 * random();
    return (capture) => 10 + (size * capture) / captures + 0.08 * size * noise(random);
  },
  "a leak that speeds up": (random, captures) => (capture) =>
    10 + 40 * (capture / captures) ** 2 + noise(random),
  "a leak in steps, one a batch": (random, captures) => {
    const steps = 6 + Math.floor(6 * random());
    return (capture) =>
      5 + (40 * Math.floor((steps * capture) / captures)) / steps + 0.5 * noise(random);
  },
  "a rising sawtooth": (random, captures) => {
    const period = 4 + Math.floor(4 * random());
    return (capture) =>
      5 + (40 * (capture % period)) / period + (15 * capture) / captures + 0.3 * noise(random);
  },
};

function readCourse(draw: Draw, captures: number, seed: number): readonly ShapeReading[] {
  const random = seeded(seed * 7919 + captures);
  const courses = { ...steadyStacks(random), [STACK]: draw(random, captures) };
  const { trees, atMs } = seriesOf(courses, captures);
  return readShapes(trees, atMs);
}

describe("healthy series", () => {
  it("raise a false alarm at most once in a hundred", () => {
    const alarms: string[] = [];
    let series = 0;
    for (const [name, draw] of Object.entries(BENIGN)) {
      for (const captures of [8, 12, 20, 40, 60]) {
        for (let seed = 0; seed < 24; seed++) {
          series++;
          const leak = readCourse(draw, captures, seed).find(({ isLeak }) => isLeak);
          if (leak)
            alarms.push(`${name}, ${captures} captures, seed ${seed}: ${describeShape(leak)}`);
        }
      }
    }
    expect(series).toBeGreaterThanOrEqual(500);
    expect(alarms.length / series, alarms.join("\n")).toBeLessThanOrEqual(0.01);
  });

  it("raise none when they follow a load that was measured with noise", () => {
    const loads: readonly ((part: number, phase: number) => number)[] = [
      (part, phase) => 100 + 60 * Math.sin(2 * Math.PI * (part * (1 + 2 * phase) + phase)),
      (part) => 50 + 150 * part,
      (part) => 200 - 150 * part,
      (part, phase) => (part > phase ? 180 : 90),
    ];
    const alarms: string[] = [];
    for (const [kind, draw] of loads.entries()) {
      for (let seed = 0; seed < 30; seed++) {
        const random = seeded(seed);
        const captures = [12, 30, 60][seed % 3]!;
        const phase = random();
        const load = Array.from(
          { length: captures },
          (_, capture) => draw(capture / captures, phase) * (1 + 0.05 * noise(random)),
        );
        const courses = {
          ...steadyStacks(random),
          [STACK]: (capture: number) => 10 + 0.2 * load[capture]! + noise(random),
        };
        const { trees, atMs } = seriesOf(courses, captures);
        const leak = readShapes(trees, atMs, { load }).find(({ isLeak }) => isLeak);
        if (leak) alarms.push(`load ${kind}, seed ${seed}: ${describeShape(leak)}`);
      }
    }
    expect(alarms).toEqual([]);
  });

  it("are named for what they are", () => {
    const shapesOf = (draw: Draw): string[] => readCourse(draw, 60, 3).map(({ shape }) => shape);
    expect(shapesOf(BENIGN["a warm-up that levels off"]!)).toContain("warm-up-plateau");
    const everySeven: Draw = (random) => (capture) => 5 + 4 * (capture % 7) + 0.3 * noise(random);
    expect(shapesOf(everySeven)).toContain("flat-sawtooth");
  });
});

describe("leaking series", () => {
  for (const [name, draw] of Object.entries(LEAKING)) {
    it(`${name} is found at its stack in 60 captures`, () => {
      let found = 0;
      for (let seed = 0; seed < 30; seed++) {
        const leaks = readCourse(draw, 60, seed).filter(({ isLeak }) => isLeak);
        if (leaks.some(({ path }) => path.join(";").startsWith("main;serve;search"))) found++;
      }
      expect(found).toBeGreaterThanOrEqual(29);
    });
  }

  it("are found under a load that comes and goes", () => {
    let found = 0;
    for (let seed = 0; seed < 30; seed++) {
      const random = seeded(seed);
      const load = Array.from({ length: 60 }, (_, at) => 100 + 60 * Math.sin(at / 5 + seed));
      let served = 0;
      const put = load.map((each) => 10 + 0.2 * each + (served += each) / 150 + noise(random));
      const courses = { ...steadyStacks(random), [STACK]: (capture: number) => put[capture]! };
      const { trees, atMs } = seriesOf(courses, 60);
      const leaks = readShapes(trees, atMs, { load }).filter(({ isLeak }) => isLeak);
      if (leaks.some(({ path }) => path.at(-1) === "put")) found++;
    }
    expect(found).toBeGreaterThanOrEqual(15);
  });
});

describe("the shapes", () => {
  const random = seeded(5);
  const read = (courses: Record<string, Course>): readonly ShapeReading[] => {
    const { trees, atMs } = seriesOf(courses, 48);
    return readShapes(trees, atMs).filter(({ isLeak }) => isLeak);
  };

  it("an isolated tower is one chain that dwarfs its siblings", () => {
    const [tower, ...others] = read({
      ...steadyStacks(random, 4),
      "main;serve;search;cache.Put;clone": (capture) => 12 + capture + 0.3 * noise(random),
      "main;serve;search;log": () => 0.5,
    });
    expect(others).toEqual([]);
    expect(tower).toMatchObject({
      shape: "isolated-tower",
      path: ["main", "serve", "search", "cache.Put", "clone"],
      chain: [],
      tower: { column: 2 },
    });
    expect(describeShape(tower!)).toMatch(
      /^Isolated tower: search grew from 1\d\.\d MiB to 5\d\.\d MiB over 48 captures in 47 minutes \(6\d\.\d MiB per hour, p < 0\.0001\) and stands \d+\.\d times its largest sibling; 9\d\.\d % of it is one chain down to clone\./,
    );
  });

  it("a widening base grows under everything that it calls", () => {
    const courses: Record<string, Course> = { ...steadyStacks(random) };
    for (let row = 0; row < 8; row++) {
      courses[`main;serve;render;field${row}`] = (capture) =>
        3 + 0.3 * capture + 0.1 * noise(random);
    }
    const [base, ...others] = read(courses);
    expect(others).toEqual([]);
    expect(base).toMatchObject({ shape: "widening-base", path: ["main", "serve", "render"] });
    expect(base!.shareTo).toBeGreaterThan(base!.shareFrom);
    expect(describeShape(base!)).toMatch(
      /^Widening base: render grew from 2\d\.\d MiB to 1\d\d MiB /,
    );
  });

  it("a rising sawtooth has troughs that rise", () => {
    const [saw, ...others] = read({
      ...steadyStacks(random),
      "main;serve;queue": (capture) => 10 + 8 * (capture % 6) + 0.5 * capture + 0.2 * noise(random),
    });
    expect(others).toEqual([]);
    expect(saw).toMatchObject({
      shape: "rising-sawtooth",
      path: ["main", "serve", "queue"],
      troughs: 7,
    });
    expect(describeShape(saw!)).toMatch(/^Rising sawtooth: each of 7 troughs of queue is higher/);
  });

  it("two leaks are two readings, whatever else their callers do", () => {
    const leaks = read({
      ...steadyStacks(random),
      "main;serve;a;leak1": (capture) => 5 + capture + 0.3 * noise(random),
      "main;jobs;b;leak2": (capture) => 5 + 0.8 * capture + 0.3 * noise(random),
      "main;jobs;warm": (capture) => 30 * (1 - Math.exp(-capture / 6)),
    });
    expect(leaks.map(({ path }) => path.at(-1))).toEqual(["leak1", "leak2"]);
  });

  it("a leak below a caller that seems to stand still is told where it is, and once", () => {
    // A batch moves from one caller to another: neither rises to the end, only both together do.
    const leaks = read({
      ...steadyStacks(random),
      "main;serve;jobs;leak": (capture) => 2 + 0.8 * capture + 0.2 * noise(random),
      "main;serve;jobs;batch": (capture) => (capture < 40 ? 60 : 0),
      "main;batch": (capture) => (capture < 40 ? 0 : 60),
    });
    expect(leaks.map(({ path }) => path.join(";"))).toEqual(["main;serve;jobs;leak"]);
  });

  it("a base says whom most of its growth is handed on to, and where their files are", () => {
    // One step is no leak by itself, and yet it is most of what its caller grows by.
    const [base, ...others] = read({
      ...steadyStacks(random),
      "main;serve;queue;put": (capture) => 5 + (capture < 36 ? 0 : 14) + 0.3 * noise(random),
      "main;serve;queue": (capture) => 5 + 0.2 * capture + 0.1 * noise(random),
    });
    expect(others).toEqual([]);
    expect(base).toMatchObject({ path: ["main", "serve", "queue"], chain: ["put"] });
    expect(base!.files).toHaveLength(4);
  });

  it("a series of one capture, or of none that vary, shows nothing", () => {
    expect(read({ "main;a": () => 5 })).toEqual([]);
    const { trees, atMs } = seriesOf({ "main;a": () => 5 }, 1);
    expect(readShapes(trees, atMs)).toEqual([]);
    expect(() => readShapes([], [])).toThrow("WT_FLAME_SERIES_MISMATCH");
  });
});
