/** What a group waits for by its source, where that is at hand: a dump names the line, not the channel. */
import type { Frame } from "@watertight/profile";
import { readSend, type Send } from "../source/channel-use.ts";
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
  const { frame, text } = sourceAt(view, dump) ?? {};
  if (frame === undefined || text === undefined) return undefined;
  const awaited = readWaitStatement(text, frame.line, frame.function);
  if (awaited.length === 0) return undefined;
  return { awaited, text: awaited.map(({ expression }) => expression).join(", ") };
}

/** The innermost frame of a group outside the runtime, with the text of its file: the service's own, or a dependency's. */
export function sourceAt(
  view: GroupView,
  dump: DumpView,
): { readonly frame: Frame; readonly text: string } | undefined {
  const frame = view.group.frames.find((_, at) => !isRuntime(view.functions[at]));
  if (frame === undefined || frame.line <= 0) return undefined;
  const origin = dump.origins.of(frame);
  if (origin !== "app" && origin !== "dependency") return undefined;
  const text = dump.readSource?.(frame.file);
  return text === undefined ? undefined : { frame, text };
}

/** The plain send that a group waits in, by its source. */
export function sendSourceOf(view: GroupView, dump: DumpView): Send | undefined {
  if (view.wait !== "chan send") return undefined;
  const source = sourceAt(view, dump);
  return source && readSend(source.text, source.frame.line, source.frame.function);
}

function isRuntime(name: string | undefined): boolean {
  return name?.startsWith("runtime.") === true;
}
