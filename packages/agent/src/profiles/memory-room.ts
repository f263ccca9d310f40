/** How large a heap may be for a snapshot of it to fit into what memory is left. */
import { freemem, totalmem } from "node:os";
import { DEFAULT_TASK_BUDGET, type TaskBudget } from "@watertight/capture/in-process";

/**
 * Bytes that building a snapshot and reading it take for each byte of used heap. Measured on Node
 * 24: 1 for numbers, 6 for strings and for objects that hold them, 14 for maps of small objects.
 */
const MEMORY_FACTOR = 8;

/**
 * The budget, for no larger a heap than this process, its container and the machine have memory
 * for: one that ran out would be ended. A `heapBytesMax` that somebody has set stays as it is.
 */
export function fitMemory(budget: TaskBudget): TaskBudget {
  if (budget.heapBytesMax !== DEFAULT_TASK_BUDGET.heapBytesMax) return budget;
  const limit = process.constrainedMemory();
  const isLimited = limit > 0 && limit < totalmem();
  // What a container counts as used holds files that give way, so only what is this process's own is taken off.
  const own = isLimited ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  const room = Math.max(0, Math.min(own, freemem()));
  return { ...budget, heapBytesMax: Math.min(budget.heapBytesMax, room / MEMORY_FACTOR) };
}
