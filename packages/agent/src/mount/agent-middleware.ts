/** The agent inside of a server of `node:http`, Express or Connect. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type MountOptions, settleMount } from "../agent-options.ts";
import { isAgentPath } from "../handle-request.ts";
import { openObservers } from "../observers.ts";
import { answerRequest } from "./answer-request.ts";

/** What Express and `node:http` both can call. */
export type AgentMiddleware = (
  request: IncomingMessage & { readonly originalUrl?: string },
  response: ServerResponse,
  next?: () => void,
) => void;

/**
 * Answers below the prefix and hands everything else on.
 *
 *     app.use(agentMiddleware({ token }));                                    // Express
 *     createServer((req, res) => agent(req, res, () => handle(req, res)));    // node:http
 *
 * @throws {AgentError} `WT_AGENT_OPTION_INVALID`
 */
export function agentMiddleware(options: MountOptions): AgentMiddleware {
  const settings = settleMount(options);
  const observers = openObservers(settings);
  return (request, response, next) => {
    const url = request.originalUrl ?? request.url ?? "/";
    if (isAgentPath(url, settings.prefix)) answerRequest(request, response, url, observers);
    else if (next) next();
    else response.writeHead(404).end();
  };
}
