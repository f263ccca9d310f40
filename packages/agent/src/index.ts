export { type AgentAddress, agentFolder } from "./agent-file.ts";
export type { AgentOptions } from "./agent-options.ts";
export { AGENT_ERRORS, AgentError, type AgentErrorCode } from "./errors.ts";
export { type Agent, startAgent } from "./start-agent.ts";
