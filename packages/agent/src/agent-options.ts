/** How an agent is set up, checked once at the door. */
import { randomBytes } from "node:crypto";
import { DEFAULT_TASK_BUDGET, type TaskBudget } from "@watertight/capture";
import { AgentError } from "./errors.ts";

export interface AgentOptions {
  /** Address to listen on; loopback by default. Any other needs an explicit `token`. */
  readonly host?: string;
  /** 0, the default, takes any free port; the agent's file says which. */
  readonly port?: number;
  /** Where the profiles are, `/debug/pprof` by default. */
  readonly prefix?: string;
  /** What a request must carry; made at random when left out. At least 16 characters. */
  readonly token?: string;
  /** What a task profile may cost the process. */
  readonly taskBudget?: TaskBudget;
}

/** {@link AgentOptions}, complete. */
export interface AgentSettings {
  readonly host: string;
  readonly port: number;
  readonly prefix: string;
  readonly token: string;
  readonly taskBudget: TaskBudget;
}

const TOKEN_CHARACTERS_MIN = 16;
const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * Fills in the defaults.
 *
 * @throws {AgentError} `WT_AGENT_OPTION_INVALID`
 */
export function settleOptions(options: AgentOptions): AgentSettings {
  const { host = "127.0.0.1", port = 0, token, taskBudget = DEFAULT_TASK_BUDGET } = options;
  const prefix = (options.prefix ?? "/debug/pprof").replace(/\/+$/, "");
  const refuse = (what: string): never => {
    throw new AgentError("WT_AGENT_OPTION_INVALID", what);
  };
  if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse(`port ${port}`);
  if (!/^(\/[\w.~-]+)*$/.test(prefix)) refuse(`prefix ${prefix}`);
  if (token !== undefined && token.length < TOKEN_CHARACTERS_MIN) {
    refuse(`a token of less than ${TOKEN_CHARACTERS_MIN} characters`);
  }
  if (token === undefined && !loopback.test(host)) {
    refuse(`host ${host} without a token, since others can reach it`);
  }
  return { host, port, prefix, token: token ?? randomBytes(24).toString("base64url"), taskBudget };
}

/** Reads `WATERTIGHT_HOST`, `WATERTIGHT_PORT`, `WATERTIGHT_PREFIX` and `WATERTIGHT_TOKEN`. */
export function readEnvironment(env: NodeJS.ProcessEnv): AgentOptions {
  return {
    ...(env["WATERTIGHT_HOST"] ? { host: env["WATERTIGHT_HOST"] } : {}),
    ...(env["WATERTIGHT_PORT"] ? { port: Number(env["WATERTIGHT_PORT"]) } : {}),
    ...(env["WATERTIGHT_PREFIX"] ? { prefix: env["WATERTIGHT_PREFIX"] } : {}),
    ...(env["WATERTIGHT_TOKEN"] ? { token: env["WATERTIGHT_TOKEN"] } : {}),
  };
}
