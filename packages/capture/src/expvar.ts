/** Numbers of Go's `expvar` page, `/debug/vars`. Source: package `expvar`, `expvarHandler`. */

/** A number found on the page. */
export interface ExpvarNumber {
  readonly name: string;
  readonly value: number;
}

/** Names under which services count the requests they served. */
const COMMON_NAMES = [
  "http_requests_total",
  "http_requests",
  "http.requests",
  "requests_total",
  "total_requests",
  "totalRequests",
  "request_count",
  "requestCount",
  "num_requests",
  "numRequests",
  "requests",
  "Requests",
  "hits",
];

/**
 * Finds a counter: the named variable (dots reach into maps), or the first of the common names.
 * A map counts as the sum of its numbers. Undefined when there is none.
 *
 * @throws {SyntaxError} when the text is not JSON
 */
export function readExpvarCounter(json: string, name?: string): ExpvarNumber | undefined {
  const page: unknown = JSON.parse(json);
  for (const candidate of name === undefined ? COMMON_NAMES : [name]) {
    const value = toCount(lookUp(page, candidate));
    if (value !== undefined) return { name: candidate, value };
  }
  return undefined;
}

function lookUp(page: unknown, name: string): unknown {
  const direct = readField(page, name);
  if (direct !== undefined) return direct;
  let value: unknown = page;
  for (const part of name.split(".")) value = readField(value, part);
  return value;
}

function readField(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function toCount(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "object" || value === null) return undefined;
  const numbers = Object.values(value).filter((part) => typeof part === "number");
  return numbers.length === 0 ? undefined : numbers.reduce((sum, part) => sum + part, 0);
}
