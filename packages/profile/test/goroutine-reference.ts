/**
 * A second decoder of `debug=2` text, slow and plain, on strings and regular expressions: the
 * oracle for the fast one. It knows whole dumps only.
 */
import type { Frame, GoroutineDump } from "../src/index.ts";

export interface ReferenceGroup {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly frames: readonly Frame[];
  readonly createdBy: Frame | undefined;
  readonly ids: number[];
  readonly minutes: number[];
  readonly creators: number[];
  leaked: number;
  locked: number;
  bubbled: number;
  elidedFrames: number;
  readonly words: Map<number, readonly (readonly number[])[]>;
}

const HEADER =
  /^goroutine (\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[([^\],]*)((?:, [^\],]*)*)\](?: \{(.*)\})?:$/;
const LABEL = /("(?:[^"\\]|\\.)*"|[^\s:,"]*): ("(?:[^"\\]|\\.)*"|[^\s:,"]*)(?:, |$)/g;

function unquote(token: string): string {
  // JSON lacks only Go's \x escapes.
  return token.startsWith('"')
    ? (JSON.parse(token.replaceAll(/\\x([0-9a-f]{2})/g, "\\u00$1")) as string)
    : token;
}

function place(line: string): { file: string; line: number } {
  const match = /^\t(.*):(\d+)(?: \+0x[0-9a-f]+)?(?: fp=\S+ sp=\S+ pc=\S+| pc=\S+)?$/.exec(line);
  return { file: match?.[1] ?? "", line: Number(match?.[2] ?? 0) };
}

function readWords(text: string): number[] {
  return [...text.matchAll(/0x([0-9a-f]+)|_/g)].map(([, digits]) => {
    const word = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
    return word > Number.MAX_SAFE_INTEGER ? Number.NaN : word;
  });
}

function isHiddenFrame({ function: name }: Frame): boolean {
  return /^runtime\.(?!runFinalizers$|runCleanups$|runfinq$|(?:\(\*[A-Z]\w*\)\.)?[A-Z])/.test(name);
}

interface ReadStack {
  frames: Frame[];
  words: number[][];
  createdBy: Frame | undefined;
  creator: number;
  elided: number;
}

function readStack(lines: readonly string[]): ReadStack {
  const stack: ReadStack = { frames: [], words: [], createdBy: undefined, creator: 0, elided: 0 };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as string;
    const next = lines[at + 1] ?? "";
    const created = /^created by (.*?)(?: in goroutine (\d+))?$/.exec(line);
    const elided = /^\.\.\.(\d+|additional) frames elided\.\.\.$/.exec(line);
    if (line === "" || line.startsWith("[originating") || line.startsWith("goroutine ")) break;
    if (created) {
      stack.createdBy = { function: created[1] as string, ...place(next) };
      stack.creator = Number(created[2] ?? 0);
      break;
    }
    if (elided) stack.elided += elided[1] === "additional" ? 1 : Number(elided[1]);
    else if (line.startsWith("non-Go function at pc=")) {
      stack.frames.push({ function: "non-Go function", file: "", line: 0 });
      stack.words.push([]);
    } else if (next.startsWith("\t")) {
      const call = /^(.*)\((.*)\)$/.exec(line);
      const isGo = call !== null && /:\d/.test(next);
      stack.frames.push({ function: isGo ? (call[1] as string) : line, ...place(next) });
      stack.words.push(isGo ? readWords(call[2] as string) : []);
      at += 1;
    }
  }
  const shown = stack.frames.map((frame) => !isHiddenFrame(frame));
  if (shown.includes(true)) {
    stack.frames = stack.frames.filter((_, depth) => shown[depth]);
    stack.words = stack.words.filter((_, depth) => shown[depth]);
  }
  return stack;
}

/** Groups by identity, in the order met. */
export function decodeByReference(text: string): ReferenceGroup[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const groups = new Map<string, ReferenceGroup>();
  for (const [at, spelling] of lines.entries()) {
    // Go 1.26 printed labels inside of the brackets.
    const line = spelling.replace(/^(goroutine .*?) labels:(\{.*\})\]:$/, "$1] $2:");
    const header = HEADER.exec(line);
    if (header === null || header[1] === "0") continue;
    const [, id, spelled = "", remarks = "", labelText = ""] = header;
    const state = spelled.replace(/ \(durable\)$/, "").replace(/ \(scan\)$/, "");
    const pairs = [...labelText.matchAll(LABEL)].map(
      ([, key = "", value = ""]) => [unquote(key), unquote(value)] as const,
    );
    const labels = Object.fromEntries(pairs.toSorted(([left], [right]) => (left < right ? -1 : 1)));
    const stack = readStack(lines.slice(at + 1));
    const plainState = state.replace(/ \(leaked\)$/, "");
    const { frames, createdBy } = stack;
    const key = JSON.stringify([plainState, labels, frames, createdBy ?? null, stack.elided > 0]);
    const group: ReferenceGroup = groups.get(key) ?? {
      state: plainState,
      labels,
      frames,
      createdBy,
      ids: [],
      minutes: [],
      creators: [],
      leaked: 0,
      locked: 0,
      bubbled: 0,
      elidedFrames: 0,
      words: new Map(),
    };
    groups.set(key, group);
    group.ids.push(Number(id));
    const minutes = / (\d+) minutes/.exec(remarks)?.[1];
    if (minutes !== undefined) group.minutes.push(Number(minutes));
    if (stack.creator > 0) group.creators.push(stack.creator);
    group.leaked += spelled.includes(" (leaked)") ? 1 : 0;
    group.locked += remarks.includes("locked to thread") ? 1 : 0;
    group.bubbled += remarks.includes("synctest bubble") ? 1 : 0;
    group.elidedFrames = Math.max(group.elidedFrames, stack.elided);
    group.words.set(Number(id), stack.words);
  }
  return [...groups.values()];
}

const byText = (left: { key: string }, right: { key: string }): number =>
  left.key < right.key ? -1 : 1;

/** What the oracle can be asked, in an order of its own. */
export function comparable(groups: readonly ReferenceGroup[]): unknown[] {
  return groups
    .map((group) => ({
      key: JSON.stringify([group.state, group.frames, group.createdBy ?? null, group.labels]),
      ids: group.ids.toSorted((left, right) => left - right),
      age: [Math.min(...group.minutes), Math.max(...group.minutes), group.minutes.length],
      creators: [...new Set(group.creators)].toSorted((left, right) => left - right),
      marks: [group.leaked, group.locked, group.bubbled, group.elidedFrames],
    }))
    .toSorted(byText);
}

/** The same of a decoded dump. */
export function comparableDump(dump: GoroutineDump): unknown[] {
  return dump.groups
    .map((group) => ({
      key: JSON.stringify([group.state, group.frames, group.createdBy ?? null, group.labels]),
      ids: [...group.ids],
      age:
        group.age.stamped === 0
          ? [Infinity, -Infinity, 0]
          : [group.age.minMinutes, group.age.maxMinutes, group.age.stamped],
      creators: [...(group.creatorIds ?? [])],
      marks: [group.leaked, group.lockedToThread, group.bubbled, group.elidedFrames],
    }))
    .toSorted(byText);
}
