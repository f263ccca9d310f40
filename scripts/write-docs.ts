/** `npm run docs`: writes the pages that are made from code. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listRooms, projectRoot } from "../e2e/house/source-tree.ts";
import { readErrorTables, renderErrorDocs } from "./error-tables.ts";

const tables = await readErrorTables(projectRoot, listRooms());
writeFileSync(join(projectRoot, "docs/errors.md"), renderErrorDocs(tables));
