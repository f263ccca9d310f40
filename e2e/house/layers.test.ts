import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listFiles, listRooms, projectRoot, readSource } from "./source-tree.ts";

interface Room {
  readonly folder: string;
  readonly layer: number;
  readonly isBrowserSafe: boolean;
}

const table = readFileSync(join(projectRoot, "docs/ARCHITECTURE.md"), "utf8");
const rooms: readonly Room[] = [...table.matchAll(/^\| (\d) \| `([^`]+)` \|.*\|(.*)\|$/gm)].map(
  (row) => ({
    folder: row[2] as string,
    layer: Number(row[1]),
    isBrowserSafe: (row[3] as string).includes("`node:`"),
  }),
);

const packageNames = new Map(
  listRooms().map((folder) => {
    const text = readFileSync(join(projectRoot, folder, "package.json"), "utf8");
    return [(JSON.parse(text) as { name: string }).name, folder] as const;
  }),
);

function roomOf(folder: string): Room {
  const room = rooms.find((each) => each.folder === folder);
  if (!room)
    throw new Error(`${folder} has no row in docs/ARCHITECTURE.md: give it a layer there.`);
  return room;
}

test("every room stands in the table of layers, and every row of it exists", () => {
  expect(rooms.map((room) => room.folder).toSorted()).toEqual([...listRooms()].toSorted());
});

test("a room imports only from rooms of a smaller layer", () => {
  const trespasses = listRooms().flatMap((folder) => {
    const room = roomOf(folder);
    return readSources(folder).flatMap((source) =>
      source.imports.flatMap((request) => {
        const target = [...packageNames].find(
          ([name]) => request === name || request.startsWith(`${name}/`),
        )?.[1];
        if (target === undefined || roomOf(target).layer < room.layer) return [];
        return `${source.path} imports ${request}: layer ${room.layer} may not reach layer ${roomOf(target).layer}. Move what it needs down, or pass it in.`;
      }),
    );
  });
  expect(trespasses).toEqual([]);
});

test("a relative import stays inside its room", () => {
  const trespasses = listRooms().flatMap((folder) =>
    readSources(folder).flatMap((source) =>
      source.imports
        .filter((request) => request.startsWith("."))
        .filter((request) => !join(source.path, "..", request).startsWith(`${folder}/`))
        .map((request) => `${source.path} reaches ${request}: import the room by its name.`),
    ),
  );
  expect(trespasses).toEqual([]);
});

test("a room that must run in a browser imports nothing of Node", () => {
  const trespasses = rooms
    .filter((room) => room.isBrowserSafe)
    .flatMap((room) =>
      readSources(room.folder)
        .filter((source) => source.imports.some((request) => request.startsWith("node:")))
        .map((source) => `${source.path} imports node: — take the value as an argument instead.`),
    );
  expect(trespasses).toEqual([]);
});

test("every import of a package is declared by the room that makes it", () => {
  const undeclared = listRooms().flatMap((folder) => {
    const manifest = JSON.parse(
      readFileSync(join(projectRoot, folder, "package.json"), "utf8"),
    ) as Record<string, Record<string, string> | undefined>;
    const declared = new Set(
      ["dependencies", "peerDependencies", "optionalDependencies"].flatMap((kind) =>
        Object.keys(manifest[kind] ?? {}),
      ),
    );
    return readSources(folder).flatMap((source) =>
      source.imports
        .filter((request) => !request.startsWith(".") && !request.startsWith("node:"))
        .map((request) => request.split("/", request.startsWith("@") ? 2 : 1).join("/"))
        .filter((name) => !declared.has(name))
        .map((name) => `${source.path} imports ${name}: add it to ${folder}/package.json.`),
    );
  });
  expect(undeclared).toEqual([]);
});

// Showing a process's own command line is what one of Go's endpoints is for.
const showsCommandLine = "packages/agent/src/profile-routes.ts";

test("only the command reads argv or ends the process", () => {
  const trespasses = listRooms()
    .filter((folder) => folder !== "packages/cli")
    .flatMap(readSources)
    .filter((source) => source.path !== showsCommandLine)
    .filter((source) => /\bprocess\.(argv|exit\b)/.test(source.text))
    .map((source) => `${source.path} uses process.argv or process.exit: leave it to packages/cli.`);
  expect(trespasses).toEqual([]);
});

function readSources(folder: string): ReturnType<typeof readSource>[] {
  if (!existsSync(join(projectRoot, folder, "src"))) return [];
  return listFiles(`${folder}/src`)
    .filter((path) => path.endsWith(".ts"))
    .map(readSource);
}
