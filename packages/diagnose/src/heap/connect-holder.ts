/**
 * Who keeps memory and who allocates it. A heap snapshot knows the one, a heap profile the other, and nothing but
 * being the only ones ties them: where there are several of either, each is told for itself.
 */
import { compareSeverity, type Finding } from "@watertight/finding";

/**
 * Makes growth at an allocating line the effect of the collection that grows meanwhile.
 *
 * @param grown those of the findings that heap profiles gave
 */
export function connectHolder(
  findings: readonly Finding[],
  grown: readonly Finding[],
): readonly Finding[] {
  const allocating = grown.filter(({ site }) => site !== undefined && site.file !== "");
  const isGrown = ({ id }: Finding): boolean => grown.some((each) => each.id === id);
  const holders = findings.filter((each) => each.kind === "memory" && !isGrown(each));
  const [[effect, ...effects], [holder, ...others]] = [allocating, holders];
  if (effect === undefined || holder?.cause !== "memory-growth") return findings;
  if (effects.length > 0 || others.length > 0) return findings;
  const [severity = holder.severity] = [holder.severity, effect.severity].toSorted(compareSeverity);
  const cause = {
    ...holder,
    severity,
    effects: [...(holder.effects ?? []), effect.id],
  };
  return findings.map((finding) => (finding === holder ? cause : finding));
}
