/**
 * A task profile without what is not the program's: Node's module loader, which awaits every
 * top-level `await` of a module, and whoever takes the profile.
 */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Frame, GoroutineDump, GoroutineGroup } from "@watertight/profile";

const LOADER = /^node:internal\/(?:modules|process|main|bootstrap|vm)\b/;

/** What to leave out. */
export interface Machinery {
  /** Folders whose functions are the observer's own. */
  readonly ownFolders: readonly string[];
}

/** The dump without machinery: loader frames are cut off, and tasks that consist of nothing else. */
export function leaveOutMachinery(dump: GoroutineDump, { ownFolders }: Machinery): GoroutineDump {
  const isOwn = ({ file }: Frame): boolean => ownFolders.some((folder) => file.startsWith(folder));
  const groups = dump.groups.flatMap((group) => {
    const frames = cutLoader(group.frames);
    if (frames.length === 0 || frames.some(isOwn)) return [];
    return frames.length === group.frames.length ? [group] : [withFrames(group, frames)];
  });
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  return { ...dump, total, covered: total, groups };
}

function cutLoader(frames: readonly Frame[]): readonly Frame[] {
  return frames.slice(0, frames.findLastIndex(({ file }) => !LOADER.test(file)) + 1);
}

function withFrames(group: GoroutineGroup, frames: readonly Frame[]): GoroutineGroup {
  return { ...group, frames, createdBy: frames.length > 1 ? frames.at(-1) : undefined };
}

/** Packages of this toolkit, which a program can have loaded from a checkout as well as installed. */
const TOOLKIT = /^@watertight\//;
/** What of a package runs in a program; its tests and examples are programs themselves. */
const RUNS = ["src", "dist"] as const;

/** Tells which files are this toolkit's own, by the packages that the scripts of a process belong to. */
export async function findToolkit(scripts: readonly string[]): Promise<(file: string) => boolean> {
  const names = new Map<string, Promise<string | undefined>>();
  const found = new Set<string>();
  for (const script of scripts) {
    let folder = script.startsWith("/") ? dirname(script) : "/";
    for (; folder !== "/"; folder = dirname(folder)) {
      const reading = names.get(folder) ?? packageName(folder);
      names.set(folder, reading);
      const name = await reading;
      if (name === undefined) continue;
      if (TOOLKIT.test(name)) for (const part of RUNS) found.add(`${folder}/${part}/`);
      break;
    }
  }
  return (file) => [...found].some((folder) => file.startsWith(folder));
}

/** The name in a folder's `package.json`; undefined where there is none, or one without a name. */
async function packageName(folder: string): Promise<string | undefined> {
  try {
    const { name } = JSON.parse(await readFile(`${folder}/package.json`, "utf8")) as {
      name?: unknown;
    };
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
