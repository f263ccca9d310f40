/** What a group waits for by its source, where that is at hand: a dump names the line, not the channel. */
import { readWaitStatement, type Awaited } from "../source/wait-statement.ts";
import type { DumpView } from "./dump-view.ts";
import type { GroupView } from "./group-view.ts";

/** What the source says that a group receives from. */
export interface WaitSource {
  readonly awaited: readonly Awaited[];
  /** As it is written, e.g. `tick.C, t.stop`. */
  readonly text: string;
}

const read = new WeakMap<GroupView, WaitSource | null>();

/** Reads the line that the group's innermost frame outside the runtime stands at. Undefined where there is no source. */
export function waitSourceOf(view: GroupView, dump: DumpView): WaitSource | undefined {
  const known = read.get(view);
  if (known !== undefined) return known ?? undefined;
  const source = readSource(view, dump);
  read.set(view, source ?? null);
  return source;
}

function readSource(view: GroupView, dump: DumpView): WaitSource | undefined {
  if (view.wait !== "chan receive" && view.wait !== "select") return undefined;
  const frame = view.group.frames.find((_, at) => !isRuntime(view.functions[at]));
  if (frame === undefined || frame.line <= 0) return undefined;
  const origin = dump.origins.of(frame);
  if (origin !== "app" && origin !== "dependency") return undefined;
  const file = dump.readSource?.(frame.file);
  if (file === undefined) return undefined;
  const awaited = readWaitStatement(file, frame.line, frame.function);
  if (awaited.length === 0) return undefined;
  return { awaited, text: awaited.map(({ expression }) => expression).join(", ") };
}

function isRuntime(name: string | undefined): boolean {
  return name?.startsWith("runtime.") === true;
}
