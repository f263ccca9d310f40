/** Whose code a frame is, from its names alone: it decides the colour, nothing else. */

/** In drawing order of the legend. */
export const FRAME_ORIGINS = ["app", "dependency", "std", "runtime"] as const;
export type FrameOrigin = (typeof FRAME_ORIGINS)[number];

const GO_STD: ReadonlySet<string> = new Set(
  (
    "archive arena bufio bytes cmp compress container context crypto database debug embed encoding " +
    "errors expvar flag fmt go hash html image index internal io iter log maps math mime net os path " +
    "plugin reflect regexp runtime simd slices sort strconv strings structs sync syscall testing text " +
    "time unicode unique unsafe vendor weak"
  ).split(" "),
);

const DEPENDENCY_FILE = /(?:^|\/)(?:pkg\/mod|vendor|node_modules|site-packages)\/|@v\d/;
const DEPENDENCY_PACKAGE =
  /^(?:golang\.org\/x|google\.golang\.org|go\.opentelemetry\.io|go\.uber\.org)\//;

/**
 * The package in a function's name: `net/http` of `net/http.(*conn).serve`. For names without
 * a package, such as JavaScript's, it is the file.
 */
export function packageOf(name: string, file: string): string {
  // Type parameters may hold slashes and dots of their own.
  const bare = name.replace(/\[.*/, "");
  const dot = bare.indexOf(".", bare.lastIndexOf("/") + 1);
  if (dot <= 0 || (file !== "" && /\.[cm]?[jt]sx?$/.test(file))) return file;
  return bare.slice(0, dot);
}

/** Tells the service's own code from its dependencies, the standard library and the runtime. */
export function originOf(name: string, file: string): FrameOrigin {
  if (/^(?:\(.*\)|\[.*\]|0x[0-9a-f]+)$/.test(name) || file.startsWith("node:internal/"))
    return "runtime";
  if (file.startsWith("node:")) return "std";
  if (DEPENDENCY_FILE.test(file)) return "dependency";
  const path = packageOf(name, file);
  if (/^(?:runtime$|(?:internal\/runtime|runtime\/internal)\/)/.test(path)) return "runtime";
  if (DEPENDENCY_PACKAGE.test(path)) return "dependency";
  const goFile = file === "" || file.endsWith(".go") || file.endsWith(".s");
  return goFile && GO_STD.has(path.split("/", 1)[0]!) ? "std" : "app";
}

/** A number from 0 to 1 that is the same for every function of a package. */
export function tintOf(packagePath: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < packagePath.length; at++) {
    hash = Math.imul(hash ^ packagePath.charCodeAt(at), 0x01000193);
  }
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
