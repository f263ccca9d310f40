/**
 * The Prometheus text format, read as a stream for the few numbers that a capture needs.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (text and OpenMetrics).
 */

/** A counter family summed over its series. */
export interface CounterFamily {
  readonly name: string;
  readonly value: number;
  readonly series: number;
}

/** What a metrics page said. */
export interface PrometheusReading {
  readonly counter: CounterFamily | undefined;
  readonly runtime: "go" | "node" | undefined;
  /** `go1.26.8`, `v24.1.0`. */
  readonly runtimeVersion: string | undefined;
  /** Lines that were longer than the bound, and were left out. */
  readonly skippedLines: number;
}

const LINE_BYTES_MAX = 16 * 1024;
const FAMILIES_MAX = 256;
const NEWLINE = 10;

/** Families that count requests served, best first. */
const RANKS: readonly RegExp[] = [
  /^(?:http_requests_total|http_server_requests_total)$/,
  /^(?:http_server_request_duration_seconds_count|http_request_duration_seconds_count|http_server_requests_seconds_count|http_server_duration_milliseconds_count|http_server_duration_count)$/,
  /_http_(?:server_)?requests_total$|_http_(?:server_)?request_duration_seconds_count$/,
  /^grpc_server_(?:handled|started)_total$|^rpc_server_duration\w*_count$/,
  /_requests_total$|_request_duration_(?:milli)?seconds_count$|^requests_total$/,
];
/** Requests that the service makes itself, or that come from whoever watches it. */
const FOREIGN =
  /^(?:promhttp_|prometheus_|rest_client_|go_|process_|scrape_)|client|outgoing|outbound|upstream|egress/;
const OWN_REQUEST =
  /(?:handler|path|route|uri|url|endpoint|pattern|target)="[^"]*(?:\/metrics|\/debug\/pprof|\/debug\/vars|\bprometheus\b)/;
const GO_VERSION = /version="(go\d[^"]{0,40})"/;
const NODE_VERSION = /version="(v\d[^"]{0,40})"/;

/** Reads a metrics page of any size in constant memory. */
export class PrometheusReader {
  readonly #metric: string | undefined;
  readonly #families = new Map<string, { value: number; series: number }>();
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  #isSkipping = false;
  #skippedLines = 0;
  #runtime: "go" | "node" | undefined;
  #runtimeVersion: string | undefined;

  /** @param metric the family to sum; without it the best request counter of the page is taken */
  constructor(metric?: string) {
    this.#metric = metric;
  }

  /** True once the runtime's version was seen. */
  get hasRuntimeVersion(): boolean {
    return this.#runtimeVersion !== undefined;
  }

  /** Takes the next piece; it is not kept. */
  push(chunk: Uint8Array): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      this.#endLine(chunk.subarray(start, end));
      start = end + 1;
    }
    this.#keepTail(chunk.subarray(start));
  }

  /** What the page said. A last line without its newline is left out: its number may be cut. */
  finish(): PrometheusReading {
    return {
      counter: this.#chooseFamily(),
      runtime: this.#runtime,
      runtimeVersion: this.#runtimeVersion,
      skippedLines: this.#skippedLines,
    };
  }

  #keepTail(rest: Uint8Array): void {
    if (rest.length === 0 || this.#isSkipping) return;
    this.#tailBytes += rest.length;
    if (this.#tailBytes > LINE_BYTES_MAX) {
      this.#isSkipping = true;
      this.#tail = [];
      return;
    }
    this.#tail.push(rest.slice());
  }

  #endLine(rest: Uint8Array): void {
    const isTooLong = this.#isSkipping || this.#tailBytes + rest.length > LINE_BYTES_MAX;
    const line = isTooLong ? undefined : Buffer.concat([...this.#tail, rest]).toString("utf8");
    this.#tail = [];
    this.#tailBytes = 0;
    this.#isSkipping = false;
    if (line === undefined) this.#skippedLines++;
    else if (line !== "" && !line.startsWith("#")) this.#readSample(line);
  }

  #readSample(line: string): void {
    const name = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0];
    if (name === undefined) return;
    const isWanted =
      this.#metric === undefined ? rankOf(name) !== undefined : name === this.#metric;
    if (!isWanted && !name.endsWith("_info")) return;
    const labelsEnd = line[name.length] === "{" ? findLabelsEnd(line, name.length) : name.length;
    const labels = line.slice(name.length, labelsEnd);
    if (name.endsWith("_info")) this.#readInfo(name, labels);
    if (!isWanted || OWN_REQUEST.test(labels)) return;
    const value = Number(line.slice(labelsEnd).trim().split(/\s/, 1)[0]);
    if (!Number.isFinite(value)) return;
    const family = this.#families.get(name);
    if (family) {
      family.value += value;
      family.series++;
    } else if (this.#families.size < FAMILIES_MAX) {
      this.#families.set(name, { value, series: 1 });
    }
  }

  #readInfo(name: string, labels: string): void {
    const version =
      name === "go_info"
        ? GO_VERSION.exec(labels)?.[1]
        : name === "nodejs_version_info"
          ? NODE_VERSION.exec(labels)?.[1]
          : undefined;
    if (version === undefined) return;
    this.#runtimeVersion = version;
    this.#runtime = name === "go_info" ? "go" : "node";
  }

  #chooseFamily(): CounterFamily | undefined {
    const families = [...this.#families].map(([name, { value, series }]) => ({
      name,
      value,
      series,
    }));
    const best = (family: CounterFamily): number => rankOf(family.name) ?? RANKS.length;
    return families.toSorted((a, b) => best(a) - best(b) || b.value - a.value)[0];
  }
}

function rankOf(name: string): number | undefined {
  if (FOREIGN.test(name)) return undefined;
  const rank = RANKS.findIndex((pattern) => pattern.test(name));
  return rank === -1 ? undefined : rank;
}

/** Index after the `}` that closes the labels; label values may hold braces and escaped quotes. */
function findLabelsEnd(line: string, start: number): number {
  let isQuoted = false;
  for (let i = start; i < line.length; i++) {
    const character = line[i];
    if (isQuoted && character === "\\") i++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === "}" && !isQuoted) return i + 1;
  }
  return line.length;
}
