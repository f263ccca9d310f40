/** The index page of `net/http/pprof`: which profiles there are and how many entries each has. */

/** Counts by profile name; undefined where the page leaves the count open, as Node's agent does. */
export type PprofIndex = ReadonlyMap<string, number | undefined>;

/** Bytes of an index page that are read; the real one has about 6 KB. */
export const INDEX_BYTES_MAX: number = 256 * 1024;

// <tr><td>42</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>
const ROW = /<td>\s*(\d{0,15})\s*<\/td>\s*<td>\s*<a href=["']?([A-Za-z0-9_.%/-]{1,200})\?/g;

/** Reads an index page; empty when the page is none. Source: `net/http/pprof`, `indexTmplExecute`. */
export function parsePprofIndex(html: string): PprofIndex {
  const profiles = new Map<string, number | undefined>();
  for (const [, count, name] of html.matchAll(ROW)) {
    if (count === undefined || name === undefined) continue;
    profiles.set(decodeName(name), count === "" ? undefined : Number(count));
  }
  return profiles.has("goroutine") ? profiles : new Map();
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

// <body>/debug/pprof/ of node v24.21.0<table>
const NODE_VERSION = /pprof\/ of node (v\d+\.\d+\.\d+)/;

/** The version of Node whose agent wrote an index page; undefined for a page of Go's. */
export function readNodeVersion(html: string): string | undefined {
  return NODE_VERSION.exec(html)?.[1];
}
