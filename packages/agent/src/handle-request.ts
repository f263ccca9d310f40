/** One request to the agent, answered; whatever goes wrong becomes an answer too. */
import { timingSafeEqual } from "node:crypto";
import type { AgentSettings } from "./agent-options.ts";
import { AgentError } from "./errors.ts";
import type { Observers } from "./observers.ts";
import { PROFILES, type ProfileAnswer } from "./profile-routes.ts";

/** The parts of a request that matter here, from whichever server it came. */
export interface AgentRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface AgentResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** Whether a path is the agent's to answer. */
export function isAgentPath(url: string, prefix: string): boolean {
  const path = url.split("?", 1)[0] as string;
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** Answers a request. Never throws. */
export async function handleAgentRequest(
  request: AgentRequest,
  observers: Observers,
): Promise<AgentResponse> {
  try {
    const url = new URL(request.url, "http://agent");
    authorise(request, url, observers.settings);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return refuse(405, "Only GET is answered here.");
    }
    const { prefix } = observers.settings;
    if (!isAgentPath(url.pathname, prefix)) {
      if (url.pathname === METRICS_PATH) return answer(metricsPage(observers));
      throw new AgentError("WT_AGENT_NOT_FOUND", url.pathname);
    }
    const name = url.pathname.slice(prefix.length + 1);
    if (name === "")
      return answer({ contentType: "text/html; charset=utf-8", body: indexPage(observers) });
    const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
    if (!profile) throw new AgentError("WT_AGENT_NOT_FOUND", name);
    return answer(await profile.take(url.searchParams, observers));
  } catch (error) {
    if (error instanceof AgentError) {
      return refuse(error.status, `${error.message}\n${error.remedy}\n${error.code}\n`);
    }
    return refuse(500, "The agent failed. The service itself is unharmed.\n");
  }
}

/** The token comes as a bearer header; `go tool pprof` can send none, so `?token=` does as well. */
function authorise(request: AgentRequest, url: URL, { token }: AgentSettings): void {
  const sent =
    /^Bearer (.+)$/i.exec(request.authorization ?? "")?.[1] ?? url.searchParams.get("token");
  const given = Buffer.from(sent ?? "");
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new AgentError("WT_AGENT_UNAUTHORIZED", "");
  }
}

function answer({ contentType, body, fileName }: ProfileAnswer): AgentResponse {
  return {
    status: 200,
    headers: {
      "content-type": contentType,
      ...(fileName ? { "content-disposition": `attachment; filename="${fileName}"` } : {}),
      ...plainHeaders,
    },
    body,
  };
}

function refuse(status: number, body: string): AgentResponse {
  return {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...plainHeaders },
    body,
  };
}

const plainHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'",
};

/** As Go's index page is built, so that whoever reads that reads this. A count that would cost a profile is left open. */
function indexPage({ settings, tasks }: Observers): string {
  const rows = Object.entries(PROFILES).map(([name, { about }]) => {
    const count = name === "goroutine" ? (tasks.lastCount ?? "") : "";
    return `<tr><td>${count}</td><td><a href='${name}?debug=1'>${name}</a></td><td>${about}</td></tr>`;
  });
  return `<html><head><title>${settings.prefix}/</title></head><body>pprof/ of node ${process.version}<table>${rows.join("\n")}</table></body></html>\n`;
}

const METRICS_PATH = "/metrics";

/** What growth is held against: requests served. Format: Prometheus text 0.0.4. */
function metricsPage({ requests }: Observers): ProfileAnswer {
  const lines = [
    "# TYPE http_requests_total counter",
    `http_requests_total ${requests.started}`,
    "# TYPE nodejs_version_info gauge",
    `nodejs_version_info{version="${process.version}"} 1`,
    "",
  ];
  return { contentType: "text/plain; version=0.0.4; charset=utf-8", body: lines.join("\n") };
}
