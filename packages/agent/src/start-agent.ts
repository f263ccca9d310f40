/** The agent as a server of its own, beside whatever the process serves. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { publishAddress } from "./agent-file.ts";
import { type AgentOptions, type AgentSettings, settleOptions } from "./agent-options.ts";
import { AgentError } from "./errors.ts";
import { answerRequest } from "./mount/answer-request.ts";
import { openObservers } from "./observers.ts";

/** A running agent. */
export interface Agent {
  /** e.g. `http://127.0.0.1:43117/debug/pprof`. */
  readonly url: string;
  readonly token: string;
  /** Ends it; twice is fine. */
  stop(): Promise<void>;
}

/**
 * Starts an agent. It never keeps the process alive.
 *
 * @throws {AgentError} `WT_AGENT_OPTION_INVALID`, `WT_AGENT_LISTEN`
 */
export async function startAgent(options: AgentOptions = {}): Promise<Agent> {
  const settings = settleOptions(options);
  const server = createServer((request, response) => {
    // A connection to the agent does not keep the process alive either.
    request.socket.unref();
    answerRequest(request, response, request.url ?? "/", observers);
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  // Profiles are asked for seconds apart: a connection kept open only closes under the next request.
  server.maxRequestsPerSocket = 1;
  server.maxConnections = 32;
  await listen(server, settings);
  server.unref();
  const observers = openObservers(settings, server);
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}${settings.prefix}`;
  const withdraw = publishQuietly({ url, token: settings.token });
  return {
    url,
    token: settings.token,
    async stop() {
      withdraw();
      process.off("exit", withdraw);
      server.close();
      server.closeAllConnections();
      await observers.close();
    },
  };
}

function listen(server: ReturnType<typeof createServer>, settings: AgentSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new AgentError("WT_AGENT_LISTEN", error.message)));
    server.listen(settings.port, settings.host, () => {
      // From here on an error of the agent's server is not the host's business.
      server.removeAllListeners("error").on("error", () => {});
      resolve();
    });
  });
}

/** The file is a convenience: without it the agent still answers whoever knows its token. */
function publishQuietly(address: { readonly url: string; readonly token: string }): () => void {
  try {
    const withdraw = publishAddress(address);
    process.once("exit", withdraw);
    return withdraw;
  } catch {
    return () => {};
  }
}
