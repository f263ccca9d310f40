/** The index page of `net/http/pprof`: which profiles there are and how many entries each has. */

/** Counts by profile name. */
export type PprofIndex = ReadonlyMap<string, number>;

/** Bytes of an index page that are read; the real one has about 6 KB. */
export const INDEX_BYTES_MAX: number = 256 * 1024;

// <tr><td>42</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>
const ROW = /<td>\s*(\d{1,15})\s*<\/td>\s*<td>\s*<a href=["']?([A-Za-z0-9_.%/-]{1,200})\?/g;

/** Reads an index page; empty when the page is none. Source: `net/http/pprof`, `indexTmplExecute`. */
export function parsePprofIndex(html: string): PprofIndex {
  const profiles = new Map<string, number>();
  for (const [, count, name] of html.matchAll(ROW)) {
    if (count === undefined || name === undefined) continue;
    profiles.set(decodeName(name), Number(count));
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
