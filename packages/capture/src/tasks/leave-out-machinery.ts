/**
 * A task profile without what is not the program's: Node's module loader, which awaits every
 * top-level `await` of a module, and whoever takes the profile.
 */
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
