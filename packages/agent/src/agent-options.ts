/** How an agent is set up, checked once at the door. */
import { randomBytes } from "node:crypto";
import { DEFAULT_TASK_BUDGET, type TaskBudget } from "@watertight/capture/in-process";
import { AgentError } from "./errors.ts";
import type { ExternalTracking } from "./external/external-memory.ts";
import type { CpuReadiness } from "./profiles/cpu.ts";
import type { TaskCopy } from "./profiles/tasks.ts";
import type { RequestTracking } from "./requests/request-registry.ts";

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
  readonly taskBudget?: Partial<TaskBudget>;
  /** What is kept of each request: `auto` by default. */
  readonly requests?: RequestTracking;
  /** Which allocations outside of V8's heap are sampled: `buffers` by default. */
  readonly externalMemory?: ExternalTracking;
  /** Whether V8's profiler only starts with a profile: `asked` by default. */
  readonly cpuProfile?: CpuReadiness;
  /** Whether task profiles are taken of a copy of the process where it can be copied: `auto` by default. */
  readonly taskCopy?: TaskCopy;
}

/** Options of an agent inside of a server that others can reach. */
export type MountOptions = Pick<
  AgentOptions,
  "prefix" | "taskBudget" | "requests" | "externalMemory" | "cpuProfile" | "taskCopy"
> & {
  readonly token: string;
};

/** {@link AgentOptions}, complete. */
export interface AgentSettings {
  readonly host: string;
  readonly port: number;
  readonly prefix: string;
  readonly token: string;
  readonly taskBudget: TaskBudget;
  readonly requests: RequestTracking;
  readonly externalMemory: ExternalTracking;
  readonly cpuProfile: CpuReadiness;
  readonly taskCopy: TaskCopy;
}

const TOKEN_CHARACTERS_MIN = 16;
const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * Fills in the defaults.
 *
 * @throws {AgentError} `WT_AGENT_OPTION_INVALID`
 */
export function settleOptions(options: AgentOptions): AgentSettings {
  const { host = "127.0.0.1", port = 0, token, requests = "auto" } = options;
  const { externalMemory = "buffers", cpuProfile = "asked", taskCopy = "auto" } = options;
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
  if (!["off", "auto", "on"].includes(requests)) refuse(`requests ${requests}`);
  if (!["off", "buffers", "all"].includes(externalMemory)) {
    refuse(`externalMemory ${externalMemory}`);
  }
  if (!["asked", "ready"].includes(cpuProfile)) refuse(`cpuProfile ${cpuProfile}`);
  if (!["auto", "off"].includes(taskCopy)) refuse(`taskCopy ${taskCopy}`);
  const taskBudget = { ...DEFAULT_TASK_BUDGET, ...options.taskBudget };
  for (const [name, value] of Object.entries(taskBudget)) {
    if (!(value >= 0)) refuse(`taskBudget.${name} ${value}`);
  }
  return {
    host,
    port,
    prefix,
    token: token ?? randomBytes(24).toString("base64url"),
    taskBudget,
    requests,
    externalMemory,
    cpuProfile,
    taskCopy,
  };
}

/**
 * {@link settleOptions} for a mounted agent, which needs a token: others can reach the server.
 *
 * @throws {AgentError} `WT_AGENT_OPTION_INVALID`
 */
export function settleMount(options: MountOptions): AgentSettings {
  if (typeof (options as Partial<MountOptions>).token !== "string") {
    throw new AgentError("WT_AGENT_OPTION_INVALID", "a mounted agent without a token");
  }
  return settleOptions(options);
}

/**
 * Reads `WATERTIGHT_HOST`, `_PORT`, `_PREFIX`, `_TOKEN`, `_REQUESTS`, `_EXTERNAL_MEMORY`, `_TASK_COPY`,
 * `_STANDSTILL_MS`: for how long a task profile may stop the process, `_HEAP_MB`: with how large a
 * heap in use there may be one, and `_LOCATE_MS`: how long
 * it may go on asking for exact lines.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): AgentOptions {
  const locateMs = Number(env["WATERTIGHT_LOCATE_MS"]);
  const standstillMs = env["WATERTIGHT_STANDSTILL_MS"];
  const heapMegabytes = env["WATERTIGHT_HEAP_MB"];
  return {
    taskBudget: {
      ...(locateMs > 0 ? { locateMsMax: locateMs } : {}),
      ...(standstillMs ? { standstillMs: Number(standstillMs) } : {}),
      ...(heapMegabytes ? { heapBytesMax: Number(heapMegabytes) * 1_048_576 } : {}),
    },
    ...(env["WATERTIGHT_HOST"] ? { host: env["WATERTIGHT_HOST"] } : {}),
    ...(env["WATERTIGHT_PORT"] ? { port: Number(env["WATERTIGHT_PORT"]) } : {}),
    ...(env["WATERTIGHT_PREFIX"] ? { prefix: env["WATERTIGHT_PREFIX"] } : {}),
    ...(env["WATERTIGHT_TOKEN"] ? { token: env["WATERTIGHT_TOKEN"] } : {}),
    ...(env["WATERTIGHT_REQUESTS"]
      ? { requests: env["WATERTIGHT_REQUESTS"] as RequestTracking }
      : {}),
    ...(env["WATERTIGHT_CPU_PROFILE"]
      ? { cpuProfile: env["WATERTIGHT_CPU_PROFILE"] as CpuReadiness }
      : {}),
    ...(env["WATERTIGHT_TASK_COPY"] ? { taskCopy: env["WATERTIGHT_TASK_COPY"] as TaskCopy } : {}),
    ...(env["WATERTIGHT_EXTERNAL_MEMORY"]
      ? { externalMemory: env["WATERTIGHT_EXTERNAL_MEMORY"] as ExternalTracking }
      : {}),
  };
}
