/** The agent for servers of the web's own shape: Hono, and everything else that takes a `Request`. */
import { type MountOptions, settleMount } from "../agent-options.ts";
import { handleAgentRequest } from "../handle-request.ts";
import { openObservers } from "../observers.ts";

/**
 * Answers a `Request`. What is not below the prefix is 404.
 *
 *     const agent = agentFetch({ token });
 *     app.all("/debug/pprof/*", (c) => agent(c.req.raw));
 *
 * @throws {AgentError} `WT_AGENT_OPTION_INVALID`
 */
export function agentFetch(options: MountOptions): (request: Request) => Promise<Response> {
  const observers = openObservers(settleMount(options));
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const asked = {
      method: request.method,
      url: `${pathname}${search}`,
      authorization: request.headers.get("authorization") ?? undefined,
    };
    const { status, headers, body } = await handleAgentRequest(asked, observers);
    return new Response(typeof body === "string" ? body : Uint8Array.from(body), {
      status,
      headers,
    });
  };
}
