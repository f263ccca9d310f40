/**
 * Finds out whether a frame was handed a `context.Context`.
 *
 * An interface value prints as two words, `{0x80b6d8, 0xc000…}`, the first of which is the address of its
 * method table. The linker lays the tables of one size side by side, and those of `context.Context` (four
 * methods: 56 bytes) are neighbours. The standard library's own frames name one of them:
 * `net/http.(*conn).serve` has a context as its second argument.
 */
import type { Frame } from "@watertight/profile";
import type { DumpView } from "./dump-view.ts";
import type { GroupView } from "./group-view.ts";

/** A method table with four methods: a header of three words and four functions. */
const TABLE_BYTES = 56;

/** How many four-method tables may lie between two of a program's contexts. */
const TABLES_APART_MAX = 48;

/** Smaller words are lengths and numbers: the second word of a string, say, which no interface has. */
const ADDRESS_MIN = 0x10000;

/** Functions of the standard library with a context argument, and the index of its first word. */
const CONTEXT_WORD: ReadonlyMap<string, number> = new Map([
  ["net/http.(*conn).serve", 1],
  ["database/sql.(*DB).connectionOpener", 1],
  ["database/sql.(*DB).conn", 1],
  ["database/sql.(*DB).QueryContext", 1],
  ["database/sql.(*Rows).awaitDone", 1],
  ["net.(*Dialer).DialContext", 1],
  ["net/http.(*Transport).dialConn", 1],
  ["golang.org/x/sync/semaphore.(*Weighted).Acquire", 1],
]);

const tables = new WeakMap<DumpView, readonly number[]>();

/** The innermost of the group's own frames that was handed a context, or undefined. */
export function contextArgument(view: GroupView, dump: DumpView): Frame | undefined {
  const known = knownTables(dump);
  if (known.length === 0) return undefined;
  for (let index = Math.max(view.siteIndex, 0); index < view.group.frames.length; index++) {
    const frame = view.group.frames[index] as Frame;
    if (!dump.isApp(frame)) return undefined;
    const carriers = view.group.witnesses.filter(({ words }) =>
      hasContext(words[index] ?? [], known),
    );
    // A register may hold what some other call left in it, but not for a quarter of a group.
    if (carriers.length * 4 > view.group.witnesses.length) return frame;
  }
  return undefined;
}

function hasContext(words: readonly number[], known: readonly number[]): boolean {
  return words.some((word, at) => isTable(word, known) && (words[at + 1] ?? 0) >= ADDRESS_MIN);
}

function isTable(word: number, known: readonly number[]): boolean {
  return known.some((table) => {
    const distance = Math.abs(word - table);
    return distance % TABLE_BYTES === 0 && distance <= TABLES_APART_MAX * TABLE_BYTES;
  });
}

function knownTables(dump: DumpView): readonly number[] {
  const known = tables.get(dump);
  if (known !== undefined) return known;
  const found = new Set<number>();
  for (const view of dump.groups) {
    for (const [index, name] of view.functions.entries()) {
      const at = CONTEXT_WORD.get(name);
      if (at === undefined) continue;
      const word = view.group.witnesses[0]?.words[index]?.[at];
      if (word !== undefined && word > 0xffff) found.add(word);
    }
  }
  const list = [...found];
  tables.set(dump, list);
  return list;
}
