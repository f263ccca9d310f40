/** What a program of the Node zoo exports, and how it is loaded. */
import { pathToFileURL } from "node:url";

/** A service in a file: what it does once at its start, per request and at its end. */
export interface NodeProgram {
  /** One request; numbers start at 1. A leaky one may never settle. */
  readonly request: (n: number) => Promise<void>;
  readonly start?: () => Promise<void> | void;
  /** Ends what belongs to the program itself: pools, clients, intervals made at its start. */
  readonly stop?: () => Promise<void> | void;
}

/** Loads a program by path. */
export async function loadProgram(path: string): Promise<NodeProgram> {
  return (await import(pathToFileURL(path).href)) as NodeProgram;
}
