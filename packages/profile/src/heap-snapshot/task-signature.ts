/**
 * What tells suspended tasks apart before their exact lines are known. Asking V8 for the line of
 * one costs a walk over its heap, so tasks are grouped first, as finely as the graph allows:
 * by the functions on the await stack, by the shape of the registers that each saved, and by
 * what kind of thing could wake the innermost.
 */
import { functionPlace } from "./function-place.ts";
import { type HeapGraph, typeIndex } from "./heap-graph.ts";
import { internalTarget } from "./promise-nodes.ts";
import { awaitStack, NO_TASK, type SuspendedTasks } from "./suspended-tasks.ts";
import { wakePath, type WakeProof } from "./wake-proof.ts";

/** The name of one frame's shape: equal for tasks that may be suspended at the same await. */
export function frameSignature(graph: HeapGraph, tasks: SuspendedTasks, row: number): string {
  const { name, script, line, column } = functionPlace(graph, tasks.functionNode[row] as number);
  return `${script}:${line}:${column}:${name}|${registerShape(graph, tasks.node[row] as number)}`;
}

/** Which registers hold an object: an await saves others than the next one often enough. */
function registerShape(graph: HeapGraph, node: number): string {
  const registers = internalTarget(graph, node, graph.strings.find("parameters_and_registers"));
  if (registers === undefined) return "";
  const internal = typeIndex(graph.edgeTypes, "internal");
  const slots: string[] = [];
  const end = graph.edgeStart[registers + 1] as number;
  for (let edge = graph.edgeStart[registers] as number; edge < end; edge++) {
    const slot = graph.strings.at(graph.edgeName[edge] as number);
    if (graph.edgeType[edge] === internal && slot !== "map") slots.push(slot);
  }
  return slots.join(",");
}

/** The name of a whole await stack's shape, with what could wake it. */
export function taskSignature(
  graph: HeapGraph,
  tasks: SuspendedTasks,
  proof: WakeProof,
  row: number,
): string {
  const frames = awaitStack(tasks, row).map((each) => frameSignature(graph, tasks, each));
  return `${frames.join("<")}|${wakerShape(graph, tasks, proof, row)}`;
}

const WAKER_STEPS = 4;

function wakerShape(
  graph: HeapGraph,
  tasks: SuspendedTasks,
  proof: WakeProof,
  row: number,
): string {
  const node = tasks.node[row] as number;
  if (proof.isLive[node] === 0) return "stuck";
  if (tasks.awaitedPromise[row] === NO_TASK) return "yielded";
  return wakePath(graph, proof, node)
    .slice(-2 * WAKER_STEPS)
    .map((step) => `${step.holder}.${/^\d+$/.test(step.through) ? "*" : step.through}`)
    .join(">");
}
