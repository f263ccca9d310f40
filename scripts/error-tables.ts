/** Finds every room's table of coded errors and writes it as one page. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

interface ErrorEntry {
  readonly message: string;
  readonly remedy: string;
}

export interface ErrorTable {
  readonly room: string;
  readonly entries: Readonly<Record<string, ErrorEntry>>;
}

/** Reads the `…_ERRORS` export of each room's `src/errors.ts`. */
export async function readErrorTables(
  projectRoot: string,
  rooms: readonly string[],
): Promise<readonly ErrorTable[]> {
  const withErrors = rooms.filter((room) => existsSync(join(projectRoot, room, "src/errors.ts")));
  return Promise.all(
    withErrors.toSorted().map(async (room) => {
      const file = pathToFileURL(join(projectRoot, room, "src/errors.ts")).href;
      const exported = (await import(file)) as Record<string, unknown>;
      const name = Object.keys(exported).find((key) => key.endsWith("_ERRORS"));
      if (name === undefined) throw new Error(`${room}/src/errors.ts exports no …_ERRORS table.`);
      return { room, entries: exported[name] as ErrorTable["entries"] };
    }),
  );
}

/** The whole of `docs/errors.md`. */
export function renderErrorDocs(tables: readonly ErrorTable[]): string {
  const sections = tables.map((table) => {
    const rows = Object.entries(table.entries).map(
      ([code, entry]) => `| \`${code}\` | ${cell(entry.message)} | ${cell(entry.remedy)} |`,
    );
    return [
      `## ${table.room}`,
      "",
      "| code | message | what to do |",
      "|---|---|---|",
      ...rows,
    ].join("\n");
  });
  return `# Errors\n\nEvery coded error of every room. \`{…}\` stands for what the error is about. Written by \`npm run docs\` from the tables in the code.\n\n${sections.join("\n\n")}\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
