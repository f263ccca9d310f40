/** A lockfile written on a machine that cannot fetch every platform's binaries leaves them out, and `npm ci` then refuses it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "./source-tree.ts";

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(join(projectRoot, "package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Where Node would find `name` from the package at `place`, nearest first. */
function placesOf(name: string, place: string): readonly string[] {
  const folders = place.split("/node_modules/");
  const nested = folders.map((_, depth) =>
    [...folders.slice(0, folders.length - depth), name].join("/node_modules/"),
  );
  return [...nested, `node_modules/${name}`];
}

test("the lockfile names every optional package, so that npm ci works on every platform", () => {
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !placesOf(name, place).some((at) => packages[at] !== undefined))
      .map((name) => `${place} wants ${name}`),
  );
  expect(missing, "take the lockfile of the last commit and repeat the npm install").toEqual([]);
});
