/** Answers one request of `node:http` from the agent. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { handleAgentRequest } from "../handle-request.ts";
import type { Observers } from "../observers.ts";

/** Never throws, and never waits for the request's body. */
export function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
  observers: Observers,
): void {
  request.resume();
  const asked = {
    method: request.method ?? "GET",
    url,
    authorization: request.headers.authorization,
  };
  void handleAgentRequest(asked, observers).then(({ status, headers, body }) => {
    if (response.destroyed) return;
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    response.end(request.method === "HEAD" ? undefined : body);
  });
}
