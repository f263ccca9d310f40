/**
 * The text of Linux `perf script`: a header line a sample, then its stack, leaf first, then an
 * empty line. Node writes the names of its functions for it with `--perf-basic-prof`.
 * Format: perf-script(1).
 */
import { describeProfileProblem, type ProfileProblem } from "./errors.ts";
import type { DecodedProfile } from "./pprof.ts";
import { ProfileBuilder } from "./profile-builder.ts";

/** `comm pid[/tid] [cpu] time: [period] event:` */
const HEADER =
  /^(\S.*?)\s+(-?\d+)(?:\/(-?\d+))?\s+(?:\[\d+\]\s+)?(\d+(?:\.\d+)?):\s+(?:(\d+)\s+)?([^\s:]+(?::\S*)?):?/;
/** `address symbol+0x1f (object)`, the offset and the object left out at times. */
const FRAME = /^\s+([0-9a-f]+)\s+(.*?)(?:\+0x[0-9a-f]+)?(?:\s+\(([^()]*(?:\([^()]*\))?[^()]*)\))?$/;
/** What Node writes: `JS:*name file:line:column`, older versions `LazyCompile:~name file:line`. */
const JAVASCRIPT =
  /^(?:JS|LazyCompile|Function|Script|Eval|RegExp):[*~^+]?(\S*)\s?(.*?)(?::(\d+))?(?::(\d+))?$/;

const PROBLEMS_MAX = 100;

/** Decodes `perf script` output: sample types `samples/count` and `events/count` (the event's period). */
export function decodePerfScript(bytes: Uint8Array): DecodedProfile {
  const builder = new ProfileBuilder({
    sampleTypes: [
      { type: "samples", unit: "count" },
      { type: "events", unit: "count" },
    ],
    defaultSampleType: "samples",
  });
  const problems: ProfileProblem[] = [];
  let sample: Sample | undefined;
  const finish = (): void => {
    if (!sample) return;
    builder.addSample(sample.stack, [1, sample.period], sample.labels);
    sample = undefined;
  };
  for (const { text, offset } of readLines(bytes)) {
    if (text.trim() === "") finish();
    else if (text.startsWith("#")) continue;
    else if (/^\s/.test(text) && sample) {
      const frame = readFrame(builder, text);
      if (frame === undefined) note(problems, offset, text);
      else sample.stack.push(frame);
    } else {
      finish();
      sample = readHeader(text);
      if (!sample) note(problems, offset, text);
    }
  }
  finish();
  return { profile: builder.build(), problems };
}

interface Sample {
  readonly stack: number[];
  readonly period: number;
  readonly labels: readonly { readonly key: string; readonly text: string }[];
}

function readHeader(text: string): Sample | undefined {
  const match = HEADER.exec(text);
  if (!match) return undefined;
  const [, command = "", , , , period = "1", event = ""] = match;
  return {
    stack: [],
    period: Number(period),
    labels: [
      { key: "comm", text: command },
      { key: "event", text: event.replace(/:$/, "") },
    ],
  };
}

function readFrame(builder: ProfileBuilder, text: string): number | undefined {
  const match = FRAME.exec(text);
  if (!match) return undefined;
  const [, address = "0", symbol = "", object = ""] = match;
  const script = JAVASCRIPT.exec(symbol);
  if (script) {
    const [, name = "", file = "", line = "0"] = script;
    return builder.internFrame({ function: name || "(anonymous)", file, line: Number(line) });
  }
  const name = symbol === "" || symbol === "[unknown]" ? `0x${address}` : symbol;
  return builder.internFrame({ function: name, file: object, line: 0 });
}

function note(problems: ProfileProblem[], offset: number, text: string): void {
  if (problems.length >= PROBLEMS_MAX) return;
  problems.push(describeProfileProblem("WT_PROFILE_BAD_LINE", offset, text.trim().slice(0, 80)));
}

function* readLines(
  bytes: Uint8Array,
): Generator<{ readonly text: string; readonly offset: number }, void, undefined> {
  const decoder = new TextDecoder();
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    yield { text: decoder.decode(bytes.subarray(start, end)).replace(/\r$/, ""), offset: start };
    start = end + 1;
  }
}
