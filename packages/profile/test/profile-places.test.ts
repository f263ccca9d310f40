import { expect, test } from "vitest";
import {
  decodePprof,
  encodePprof,
  listPlaces,
  movePlaces,
  ProfileBuilder,
  type Profile,
} from "@watertight/profile";
import { expectConsistent } from "./consistent-profile.ts";
import { recordedProfile } from "./pprof-fixtures.ts";
import { renderRaw } from "./raw-text.ts";

const recorded = decodePprof(recordedProfile("heap of go1.27").bytes).profile;

function bundled(): Profile {
  const builder = new ProfileBuilder({ sampleTypes: [{ type: "inuse_space", unit: "bytes" }] });
  const put = builder.internFrame({ function: "put", file: "/app/bundle.js", line: 3 });
  const get = builder.internFrame({ function: "put", file: "/app/bundle.js", line: 90 });
  const http = builder.internFrame({ function: "emit", file: "node:events", line: 514 });
  builder.addSample([put, http], [10]);
  builder.addSample([get, http], [20]);
  return builder.build();
}

test("a profile stays what it is where nothing is moved", () => {
  const same = movePlaces(recorded, () => undefined);
  expect(renderRaw(same)).toEqual(renderRaw(recorded));
  expectConsistent(same);
});

test("a place goes to its own file and line, and one function may come from two files", () => {
  const moved = movePlaces(bundled(), ({ function: name, file, line }) => {
    if (file !== "/app/bundle.js") return undefined;
    return { function: name, file: line === 3 ? "/app/store.ts" : "/app/cache.ts", line: line * 2 };
  });
  expectConsistent(moved);
  const written = decodePprof(encodePprof(moved)).profile;
  expect(listPlaces(written)).toEqual([
    { function: "put", file: "/app/store.ts", line: 6, column: 0 },
    { function: "put", file: "/app/cache.ts", line: 180, column: 0 },
    { function: "emit", file: "node:events", line: 514, column: 0 },
  ]);
  expect([...(written.samples.values[0] ?? [])]).toEqual([10n, 20n]);
});
