/**
 * Who started it. A heap holds no callers, so they are looked for in the program's sources, and told only where there
 * is one answer: the only line that calls the function that waits, or the only one that makes a thing of this kind.
 */
import type { CensusEntry, Frame, GoroutineDump, GoroutineGroup } from "@watertight/profile";
import type { ProgramCall, ProgramSources } from "./program-sources.ts";
import type { NamedFunction } from "./script-calls.ts";

/** Module and names of what makes a handle or a body, by what a census calls it; without a module for globals. */
const MAKERS: Readonly<Record<string, readonly (readonly [module: string, names: RegExp])[]>> = {
  ChildProcess: [["child_process", /^(?:spawn|exec|execFile|fork)$/]],
  pipe: [["child_process", /^(?:spawn|exec|execFile|fork)$/]],
  Socket: [["net", /^(?:connect|createConnection|Socket)$/]],
  TLSSocket: [["tls", /^(?:connect|TLSSocket)$/]],
  Server: [
    ["net", /^(?:createServer|Server)$/],
    ["http", /^(?:createServer|Server)$/],
  ],
  "UDP socket": [["dgram", /^createSocket$/]],
  FileHandle: [["fs/promises", /^open$/]],
  "open file": [
    ["fs/promises", /^open$/],
    ["fs", /^(?:open|openSync|createReadStream|createWriteStream)$/],
  ],
  ReadStream: [["fs", /^createReadStream$/]],
  WriteStream: [["fs", /^createWriteStream$/]],
  FSWatcher: [
    ["fs", /^watch$/],
    ["fs/promises", /^watch$/],
  ],
  Worker: [["worker_threads", /^Worker$/]],
  MessagePort: [
    ["worker_threads", /^MessageChannel$/],
    ["", /^MessageChannel$/],
  ],
  Http2Session: [["http2", /^connect$/]],
  Agent: [
    ["http", /^Agent$/],
    ["https", /^Agent$/],
    ["undici", /^Agent$/],
  ],
  Pool: [["undici", /^Pool$/]],
  fetch: [
    ["", /^fetch$/],
    ["undici", /^(?:fetch|request|stream)$/],
  ],
  http: [
    ["http", /^(?:get|request)$/],
    ["https", /^(?:get|request)$/],
  ],
  "Timeout of an interval iterator": [["timers/promises", /^setInterval$/]],
};

const CANDIDATES_MAX = 5;

/** Where origins are looked for. */
interface Origins extends ProgramSources {
  /** True for files of whoever watches the program. */
  isToolkit(file: string): boolean;
}

/**
 * The dump with the lines that started its tasks and made what its census counts, as far as the sources say.
 *
 * @param isToolkit whether a file is of whoever watches the program: what was made there is nobody else's
 */
export function placeOrigins(
  dump: GoroutineDump,
  read: ProgramSources,
  isToolkit: (file: string) => boolean = () => false,
): GoroutineDump {
  const sources: Origins = { ...read, isToolkit };
  const groups = dump.groups.map((group) => {
    const caller = callerOfTask(group, sources);
    return caller === undefined ? group : { ...group, createdBy: caller };
  });
  if (dump.census === undefined) return { ...dump, groups };
  const entries = dump.census.entries.map((entry) => placeEntry(entry, sources));
  return { ...dump, groups, census: { ...dump.census, entries } };
}

/** The only call of the outermost function that waits. */
function callerOfTask({ frames }: GoroutineGroup, sources: Origins): Frame | undefined {
  const outermost = frames.findLast(({ file }) => isProgram(file) && !sources.isToolkit(file));
  if (outermost === undefined) return undefined;
  const name = outermost.function.replace(/^.*[.#]/, "");
  const inside = sources.functionsAt(outermost.file, outermost.line);
  const self = inside.findLast((each) => each.name === name);
  return self === undefined ? undefined : onlyCaller(self, outermost.file, inside, sources);
}

function placeEntry(entry: CensusEntry, sources: Origins): CensusEntry {
  const { place } = entry;
  if (place !== undefined && sources.isToolkit(place.file)) return entry;
  if (place === undefined || !isProgram(place.file)) return placeByMaker(entry, sources);
  if (place.line < 1) return entry;
  const maker = onlyMakerElsewhere(entry, place, sources);
  if (maker !== undefined) return placeEntry({ ...entry, place: maker }, sources);
  const inside = sources.functionsAt(place.file, place.line);
  const self = inside.findLast(({ kind }) => kind !== "class");
  const creator = self && onlyCaller(self, place.file, inside, sources);
  return creator === undefined ? entry : { ...entry, creator };
}

/** Whoever listens to a handle may stand in a file that makes none of its kind. */
function onlyMakerElsewhere(
  { name, kind }: CensusEntry,
  place: Frame,
  sources: ProgramSources,
): Frame | undefined {
  const makers = kind === "handle" ? (MAKERS[name] ?? []) : [];
  const calls = sources.calls.filter((call) => makers.some((maker) => isMadeBy(call, maker)));
  const [only] = calls;
  if (only === undefined || calls.length > 1 || only.file === place.file) return undefined;
  return frameOf(only);
}

function placeByMaker(entry: CensusEntry, sources: Origins): CensusEntry {
  const makers = MAKERS[entry.name] ?? [];
  const calls = sources.calls.filter((call) =>
    entry.kind === "listeners"
      ? isListeningTo(call, entry.name)
      : makers.some((maker) => isMadeBy(call, maker)),
  );
  const [only] = calls;
  if (only === undefined) return entry;
  if (calls.length > 1) {
    return { ...entry, candidates: calls.slice(0, CANDIDATES_MAX).map((call) => frameOf(call)) };
  }
  return placeEntry({ ...entry, place: frameOf(only) }, sources);
}

const LISTENING = /^(?:on|once|addListener|prependListener|addEventListener)$/;

/** `Connection.error` is listened to by `connection.on("error", …)`. */
function isListeningTo({ kind, name, text }: ProgramCall, entry: string): boolean {
  return (
    kind === "method" && LISTENING.test(name) && text !== undefined && entry.endsWith(`.${text}`)
  );
}

function isMadeBy(
  { kind, name, imported }: ProgramCall,
  [module, names]: readonly [string, RegExp],
): boolean {
  if (kind === "argument") return false;
  if (module === "") return imported === undefined && kind !== "method" && names.test(name);
  return imported?.module === module && names.test(imported.name);
}

/** Methods of everybody's: to find one call of that name says nothing. */
const COMMON: ReadonlySet<string> = new Set(
  "get set has add delete push pop shift unshift map filter forEach find some every then catch finally call apply bind on once off emit close end write read next return throw send".split(
    " ",
  ),
);

/** The only line that calls a function: of its own file, or of those that import it. */
function onlyCaller(
  self: NamedFunction,
  file: string,
  inside: readonly NamedFunction[],
  sources: ProgramSources,
): Frame | undefined {
  const isConstructor = self.name === "constructor";
  const owner = isConstructor ? inside.findLast(({ kind }) => kind === "class") : self;
  if (owner === undefined) return undefined;
  const calling = sources.calls.filter(
    (call) => isCallOf(call, owner) && !isWithin(call, owner, file),
  );
  const here = calling.filter((call) => call.file === file);
  const elsewhere = calling.filter((call) => importsFrom(call, file));
  const found = here.length > 0 ? here : elsewhere;
  const lines = new Set(found.map((call) => `${call.file}:${call.line}`));
  const [only] = found;
  return only === undefined || lines.size > 1 ? undefined : frameOf(only);
}

function isCallOf(call: ProgramCall, { name, kind }: NamedFunction): boolean {
  const called = call.imported !== undefined && kind !== "method" ? call.imported.name : call.name;
  if (called !== name) return false;
  if (call.kind === "argument") return call.isInFunction && kind === "function";
  if (kind === "method") return call.kind === "method" && !COMMON.has(name);
  return kind === "class" ? call.kind === "class" : call.kind === "function";
}

/** A function that calls itself was started by somebody else. */
function isWithin(call: ProgramCall, { startLine, endLine }: NamedFunction, file: string): boolean {
  return call.file === file && call.line >= startLine && call.line <= endLine;
}

/** `./orders.ts` and `../shop/orders.js` are both the module of `/app/shop/orders.ts`. */
function importsFrom({ imported }: ProgramCall, file: string): boolean {
  const base = (path: string): string =>
    path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
  return (
    imported !== undefined &&
    imported.module.startsWith(".") &&
    base(imported.module) === base(file)
  );
}

function frameOf({ within, file, line }: ProgramCall): Frame {
  return { function: within.at(-1)?.name ?? "(anonymous)", file, line };
}

function isProgram(file: string): boolean {
  return file.startsWith("/") && !file.includes("/node_modules/");
}
