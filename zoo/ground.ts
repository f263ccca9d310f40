/**
 * Is the ground truth true? Judged on the text of the dumps alone, without any part of
 * the product: the leaky twin must leave behind what its truth says, at the marked lines,
 * and the healthy one must come back to where it began.
 */
import type { CapturedRun } from "./capture-run.ts";
import type { ExpectedLeak, SourceLine } from "./list.ts";

/** Share by which the measured leak per request may differ from the truth. */
const TOLERANCE = 0.25;
/** Goroutines that come and go by themselves: idle connections, the profile's own handler. */
const NOISE = 14;
const HEADER = /^goroutine \d+ .*$/gm;

/** One sentence per way in which a run contradicts its truth; empty when it does not. */
export function contradictions(run: CapturedRun): readonly string[] {
  if (run.service.twin === "healthy") return healthyContradictions(run);
  return run.service.leaks.flatMap((leak) => leakContradictions(run, leak)).concat(growth(run));
}

/** How many goroutines a `debug=2` text holds. */
function countGoroutines(text: string): number {
  return text.match(HEADER)?.length ?? 0;
}

function healthyContradictions(run: CapturedRun): readonly string[] {
  const held = run.service.truth.load?.hold?.count ?? 0;
  const grown = countGoroutines(run.settled.goroutines) - countGoroutines(run.baseline.goroutines);
  const allowed = NOISE + 4 * held;
  if (grown <= allowed) return [];
  return [`the healthy twin kept ${grown} goroutines after the load; ${allowed} are allowed`];
}

function growth(run: CapturedRun): readonly string[] {
  const goroutineLeaks = run.service.leaks.filter(({ cause }) => cause !== "memory-growth");
  if (goroutineLeaks.length === 0) return [];
  const perRequest = goroutineLeaks.reduce((sum, leak) => sum + leak.perRequest, 0);
  const expected = perRequest * run.requestsSent;
  const grown = countGoroutines(run.settled.goroutines) - countGoroutines(run.baseline.goroutines);
  if (Math.abs(grown - expected) <= TOLERANCE * expected + NOISE) return [];
  return [
    `${grown} goroutines stayed after ${run.requestsSent} requests; the truth says ${perRequest} per request`,
  ];
}

function leakContradictions(run: CapturedRun, leak: ExpectedLeak): readonly string[] {
  if (leak.cause === "memory-growth") return [];
  const blocks = run.settled.goroutines.split("\n\n");
  const [site] = leak.sites;
  if (site === undefined) return [`${leak.cause}: no site`];
  const stuck = blocks.filter((block) => hasFrame(block, site));
  if (stuck.length < 3) return [`${leak.cause}: ${stuck.length} goroutines at ${lineOf(site)}`];
  const found: string[] = [];
  const states = leak.states.filter((state) => stuck.some((block) => headerHas(block, state)));
  if (leak.states.length > 0 && states.length === 0)
    found.push(
      `${leak.cause}: no goroutine at ${lineOf(site)} is in ${leak.states.join(" or ")}: ${stuck[0]?.split("\n")[0]}`,
    );
  const created = (line: SourceLine): boolean =>
    blocks.some((block) => hasFrame(block.slice(block.lastIndexOf("created by ")), line));
  if (leak.creators.length > 0 && !leak.creators.some(created))
    found.push(
      `${leak.cause}: nothing was created at ${leak.creators.map(lineOf).join(" or ")}: ${stuck[0]?.slice(-200)}`,
    );
  return found;
}

function headerHas(block: string, state: string): boolean {
  const header = block.slice(0, block.indexOf("\n"));
  const start = header.indexOf(`[${state}`);
  return start >= 0 && /^(\]|,| \()/.test(header.slice(start + state.length + 1));
}

function hasFrame(block: string, line: SourceLine): boolean {
  if (line.file === undefined) return new RegExp(line.function).test(block);
  const escaped = `${line.file}:${line.line}`.replaceAll(".", "\\.");
  return new RegExp(`/${escaped}( |$)`, "m").test(block);
}

function lineOf(line: SourceLine): string {
  return line.file === undefined ? line.function : `${line.file}:${line.line}`;
}
