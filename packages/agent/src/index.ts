export type { AgentOptions, MountOptions } from "./agent-options.ts";
export { AGENT_ERRORS, AgentError, type AgentErrorCode } from "./errors.ts";
export { agentFastify } from "./mount/agent-fastify.ts";
export { agentFetch } from "./mount/agent-fetch.ts";
export { agentMiddleware, type AgentMiddleware } from "./mount/agent-middleware.ts";
export { type Agent, startAgent } from "./start-agent.ts";
