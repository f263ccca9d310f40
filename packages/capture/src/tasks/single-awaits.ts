/** Awaits that need no asking: those of functions that hold one await and no other way to be suspended. */
import { functionPlace, type HeapGraph, scriptText } from "@watertight/profile";
import { readRunningSource } from "./running-source.ts";
import {
  readSuspensionPoints,
  type ScriptPlace,
  type SuspensionPoints,
} from "./suspension-points.ts";

/** Scripts that are read at most; functions of others are asked for. */
const SCRIPTS_MAX = 500;

/** The scripts of one process, each read once. */
export class SingleAwaits {
  /** When the process started, milliseconds since 1970: files that were written since may differ from what runs. */
  readonly startedMs: number;
  readonly #scripts = new Map<number, Promise<SuspensionPoints | undefined>>();

  constructor(startedMs: number) {
    this.startedMs = startedMs;
  }

  /** The only await of a function (a closure node); undefined where it has to be asked for. */
  async find(graph: HeapGraph, functionNode: number): Promise<ScriptPlace | undefined> {
    const { file, script, line, column } = functionPlace(graph, functionNode);
    if (!file.startsWith("/") || line < 1) return undefined;
    const points = await (this.#scripts.get(script) ?? this.#read(graph, functionNode, file));
    return points?.singlePlaceOf({ line, column });
  }

  #read(
    graph: HeapGraph,
    functionNode: number,
    file: string,
  ): Promise<SuspensionPoints | undefined> {
    const running = scriptText(graph, functionNode);
    if (!running || this.#scripts.size >= SCRIPTS_MAX) return Promise.resolve(undefined);
    const points = readRunningSource(file, running, this.startedMs).then(
      (source) => (source === undefined ? undefined : readSuspensionPoints(source)),
      // A file that is gone or cannot be read says nothing.
      () => undefined,
    );
    this.#scripts.set(functionPlace(graph, functionNode).script, points);
    return points;
  }
}
