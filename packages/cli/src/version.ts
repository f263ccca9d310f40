/** The command's own version. */
import { readFileSync } from "node:fs";

/** As its package.json says. */
export function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
