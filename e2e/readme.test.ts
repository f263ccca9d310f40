import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "./house/source-tree.ts";

const readme = readFileSync(join(projectRoot, "README.md"), "utf8");
const command = join(projectRoot, "packages/cli/bin/watertight.js");

test("the picture in the README is what the command prints of the recorded service", () => {
  const picture = /^```console\n\$ .*\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? "";
  const { stdout } = spawnSync(
    process.execPath,
    [command, "inspect", join("zoo", "recorded", "orders-api")],
    { cwd: projectRoot, encoding: "utf8", env: { ...process.env, COLUMNS: "96" } },
  );
  expect(picture.length).toBeGreaterThan(500);
  expect(stdout.slice(0, picture.length)).toBe(picture);
});

test("every page and folder that the README links to is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] as string);
  const missing = links.filter(
    (link) => !link.startsWith("http") && !existsSync(join(projectRoot, link)),
  );
  expect(missing).toEqual([]);
});

test("every npm script that the README names is one", () => {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/npm run (\w+)/g)].map((match) => match[1] as string);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
