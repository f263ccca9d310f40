/** Where to look when the `go` statement is a library's: which lines of the service use it right now. */
import type { Evidence, Frame } from "@watertight/finding";
import type { DumpView } from "./dump-view.ts";
import type { GroupView } from "./group-view.ts";

/** Packages whose goroutines are started on behalf of a caller in the service. */
const ON_BEHALF: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^net\/http\.\(\*(?:Transport|http2)/,
    /^net\/http\.(?:\(\*Client\)\.|Get$|Post$|\(\*Transport\)\.RoundTrip)/,
  ],
  [/^database\/sql\./, /^database\/sql\.\(\*(?:DB|Tx|Stmt|Conn|Rows)\)\./],
  [/^google\.golang\.org\/grpc\./, /^google\.golang\.org\/grpc\./],
  [/^os\/exec\./, /^os\/exec\./],
];

const CALLERS_MAX = 3;

/** The functions of a library through which the service calls it, for a goroutine that the library started. */
export function entryPointsOf(creator: Frame): RegExp | undefined {
  return ON_BEHALF.find(([started]) => started.test(creator.function))?.[1];
}

/** Says which of the service's lines call the library, when the creator is not the service's own. */
export function originOf(view: GroupView, dump: DumpView): Evidence | undefined {
  const { createdBy } = view.group;
  if (createdBy === undefined || dump.isApp(createdBy) || view.serves !== undefined)
    return undefined;
  const library = entryPointsOf(createdBy);
  const callers = library === undefined ? [] : findCallers(dump, library);
  if (callers.length === 0) {
    return {
      text: `${createdBy.function} started them on behalf of the service; the dump does not say for which line.`,
    };
  }
  const places = callers.map(
    (frame) =>
      `${frame.function} (${frame.file.slice(frame.file.lastIndexOf("/") + 1)}:${frame.line})`,
  );
  return {
    text: `${createdBy.function} started them on behalf of the service. These lines use it at this moment: ${places.join(", ")}.`,
    frames: callers,
  };
}

function findCallers(dump: DumpView, library: RegExp): readonly Frame[] {
  const found = new Map<string, Frame>();
  for (const view of dump.groups) {
    const { site, siteIndex } = view;
    if (site === undefined || !library.test(view.functions[siteIndex - 1] ?? "")) continue;
    found.set(`${site.file}:${site.line}`, site);
    if (found.size >= CALLERS_MAX) break;
  }
  return [...found.values()];
}
