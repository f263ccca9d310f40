/**
 * Has the client of a handler hung up?
 *
 * While a handler runs, `net/http` reads ahead on its connection in a goroutine of its own
 * (`connReader.backgroundRead`), which ends when the client closes. From Go 1.21 on, the dump says which
 * connection started it. Before, and for requests whose body is unread (then nobody reads ahead), nothing is claimed.
 */
import { creatorIdsOf, type DumpView } from "./dump-view.ts";
import type { GroupView } from "./group-view.ts";

const BACKGROUND_READ = "net/http.(*connReader).backgroundRead";

const readers = new WeakMap<
  DumpView,
  { readonly creators: ReadonlySet<number>; readonly isWhole: boolean }
>();

/** True when most of a group's handlers have no reader on their client's connection. */
export function hasLostClient(view: GroupView, dump: DumpView): boolean {
  if (view.serves !== "net/http.(*conn).serve" || view.group.count < 3) return false;
  const { creators, isWhole } = backgroundReaders(dump);
  if (!isWhole || !dump.isWhole || creators.size === 0) return false;
  let lost = 0;
  for (const id of view.group.ids) if (!creators.has(id)) lost++;
  return lost / view.group.count > 0.8;
}

function backgroundReaders(dump: DumpView): {
  readonly creators: ReadonlySet<number>;
  readonly isWhole: boolean;
} {
  const known = readers.get(dump);
  if (known !== undefined) return known;
  const creators = new Set<number>();
  let isWhole = true;
  for (const { group } of dump.groupsInside(BACKGROUND_READ)) {
    let counted = 0;
    for (const id of creatorIdsOf(group)) {
      creators.add(id);
      counted++;
    }
    if (counted < group.count) isWhole = false;
  }
  const found = { creators, isWhole };
  readers.set(dump, found);
  return found;
}
