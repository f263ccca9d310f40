/** What a module did while it was loaded: it is loaded once, by whichever test needs it first. */
import type { Scope } from "../scope.ts";
import { evaluatedModule } from "../stack-frame.ts";
import type { Trace } from "../trace.ts";

/** Whether something began while a module was evaluated that the scope did not begin in. */
export function isOfEvaluation(trace: Trace | undefined, { opener }: Scope): boolean {
  const evaluated = evaluatedModule(trace?.frames ?? []);
  if (evaluated === undefined) return false;
  return evaluatedModule(opener?.frames ?? [])?.file !== evaluated.file;
}
