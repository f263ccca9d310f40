/** Everything that a scope has left at this moment. Reading a scope changes nothing in it. */
import type { Scope } from "./scope.ts";
import { findAwaitLeaks, findThenLeaks } from "./leaks/await-leaks.ts";
import { findHandleLeaks } from "./leaks/handle-leaks.ts";
import { findOtherLeaks } from "./leaks/other-leaks.ts";
import type { Leak } from "./leak.ts";

/** Oldest first within each kind; awaits before what they wait with. */
export function findLeaks(scope: Scope): readonly Leak[] {
  const others = findOtherLeaks(scope);
  const handles = findHandleLeaks(scope);
  const { leaks, explained } = findAwaitLeaks(scope, handles);
  const all = [...leaks, ...others, ...handles.filter((leak) => !explained.has(leak))];
  return all.length > 0 ? all : findThenLeaks(scope);
}
