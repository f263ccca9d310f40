/** Everything that a scope has left at this moment. Reading a scope changes nothing in it. */
import type { Scope } from "./scope.ts";
import { findAwaitLeaks, findThenLeaks } from "./leaks/await-leaks.ts";
import { findHandleLeaks } from "./leaks/handle-leaks.ts";
import { findOtherLeaks } from "./leaks/other-leaks.ts";
import { isSameFunction, type Leak } from "./leak.ts";

/** Oldest first within each kind; awaits before what they wait with. */
export function findLeaks(scope: Scope): readonly Leak[] {
  const others = findOtherLeaks(scope);
  const handles = findHandleLeaks(scope);
  const { leaks, explained } = findAwaitLeaks(scope, handles);
  const opened = [...others, ...handles.filter((leak) => !explained.has(leak))];
  const awaits = leaks.filter((leak) => !opened.some((cause) => isWaitFor(leak, cause)));
  const all = [...awaits, ...opened];
  return all.length > 0 ? all : findThenLeaks(scope);
}

/** `for await (const change of watch(path))` waits for what it opened: the opened is what to close. */
function isWaitFor({ cause, site }: Leak, opened: Leak): boolean {
  if (cause !== "promise-pending" || site === undefined || opened.site === undefined) return false;
  return site.line === opened.site.line && isSameFunction(site, opened.site);
}
