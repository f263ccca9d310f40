/** Whose code a frame of Node is: its path says so. */
import type { Frame } from "@watertight/profile";
import type { FrameOrigin } from "./frame-origin.ts";

/** What Node's own modules and natives are called in stacks. */
const RUNTIME = /^(?:node:|internal\/|native |wasm:|evalmachine)/;

/** Packages of this project that run inside a service: their frames are never its own. */
const INSIDE =
  /(?:^|\/)(?:node_modules|packages)\/(?:@watertight\/)?(?:flow|agent|testkit)\/(?:src|dist)\//;

/** Origin of one frame. `appModules` are path prefixes, or package names, that count as the service's own. */
export function nodeFrameOrigin(frame: Frame, appModules: readonly string[]): FrameOrigin {
  const { file } = frame;
  if (file === "" || file === "??" || RUNTIME.test(file)) return "runtime";
  const own = appModules.some(
    (name) => file.startsWith(name) || file.includes(`/node_modules/${name}/`),
  );
  if (own) return "app";
  return file.includes("node_modules/") || INSIDE.test(file) ? "dependency" : "app";
}

/** What an agent keeps of what it samples; in a checkout by its folder, for services have packages called agent too. */
const WATCHING =
  /(?:^|\/)(?:node_modules\/@watertight\/(?:agent|testkit|capture|profile)|packages\/agent\/(?:src|dist)\/external)\//;

/**
 * True for code that watches the service from inside. What it keeps grows with what it watches: it
 * is the price of watching, bounded, and gone with the watcher.
 */
export function isWatching({ file }: Pick<Frame, "file">): boolean {
  return WATCHING.test(file);
}
