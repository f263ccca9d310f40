/** The reports, to the terminal and to every file that was asked for. */
import {
  renderHtml,
  renderJson,
  renderMarkdown,
  renderSarif,
  renderSonar,
  renderTerminal,
  type FlameFragment,
  type SourceOptions,
} from "@watertight/finding";
import type { CommandContext } from "../commands/command-context.ts";
import type { InspectOptions } from "../commands/inspect.ts";
import { decideCharset, decideColour, decideColumns } from "../terminal/surroundings.ts";
import { writeResult, writeStream } from "../terminal/write-output.ts";
import type { Inspected } from "./inspect.ts";

/** Writes them all: files first, so that a broken pipe on standard output loses none. */
export async function writeReports(
  inspected: readonly Inspected[],
  options: InspectOptions,
  context: CommandContext,
  source: SourceOptions,
): Promise<void> {
  const { stdout } = context.surroundings;
  const reports = inspected.map(({ report }) => report);
  if (options.sarif !== undefined) {
    const text = renderSarif(reports, { ...source, version: context.version });
    await writeResult(options.sarif, text, stdout);
  }
  if (options.sonar !== undefined) {
    await writeSonar(inspected, { ...options, sonar: options.sonar }, context, source);
  }
  const [first] = inspected;
  if (options.html !== undefined && first !== undefined) {
    const flame = await drawFlame(first);
    const page = await renderHtml(first.report, { ...source, ...(flame ? { flame } : {}) });
    await writeResult(options.html, page, stdout);
  }
  const isTaken = [options.sarif, options.sonar, options.html].includes("-");
  if (options.json === true) await writeStream(stdout, renderJson(reports));
  else if (options.markdown === true) {
    await writeStream(stdout, reports.map((report) => renderMarkdown(report, source)).join("\n"));
  } else if (!isTaken) await writeTerminal(inspected, options, context, source);
}

async function writeTerminal(
  inspected: readonly Inspected[],
  options: InspectOptions,
  context: CommandContext,
  source: SourceOptions,
): Promise<void> {
  const { stdout, env } = context.surroundings;
  const text = inspected.map(({ report }) =>
    renderTerminal(report, {
      ...source,
      columns: decideColumns(stdout, env),
      colour: decideColour(options.colour, stdout, env),
      charset: decideCharset(stdout, env, process.platform),
      stacks: options.stacks === true ? "shown" : "hidden",
    }),
  );
  await writeStream(stdout, text.join("\n"));
}

async function writeSonar(
  inspected: readonly Inspected[],
  options: InspectOptions & { readonly sonar: string },
  context: CommandContext,
  source: SourceOptions,
): Promise<void> {
  const { stdout, stderr } = context.surroundings;
  const { text, omitted } = renderSonar(
    inspected.map(({ report }) => report),
    source,
  );
  await writeResult(options.sonar, text, stdout);
  if (omitted.length > 0 && options.quiet !== true) {
    stderr.write(
      `watertight: ${omitted.length} findings are not in ${options.sonar}: Sonar takes only issues in a file below --source-root.\n`,
    );
  }
}

/** The goroutines of the latest capture as an interactive flame graph; undefined when there are none. */
async function drawFlame({ records, report }: Inspected): Promise<FlameFragment | undefined> {
  const dump = records.findLast(({ goroutines }) => goroutines !== undefined)?.goroutines;
  if (dump === undefined || dump.covered === 0) return undefined;
  const { profileFromGoroutines } = await import("@watertight/profile");
  const { buildCallTree, renderFlameFragment } = await import("@watertight/flame");
  const hasCreators = dump.groups.some(({ createdBy }) => createdBy !== undefined);
  const tree = buildCallTree(profileFromGoroutines(dump, hasCreators ? { by: "creator" } : {}));
  const counted = report.runtime === "node" ? "task" : "goroutine";
  const title = `Every ${counted}, by ${hasCreators ? "what started it" : "stack"}`;
  return renderFlameFragment(tree, { title });
}
