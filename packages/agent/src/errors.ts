/** Everything that can go wrong inside an observed process, as data. None of it reaches the host. */

/** Every code of this room. */
export type AgentErrorCode =
  | "WT_AGENT_OPTION_INVALID"
  | "WT_AGENT_UNAUTHORIZED"
  | "WT_AGENT_NOT_FOUND"
  | "WT_AGENT_PARAMETER"
  | "WT_AGENT_BUSY"
  | "WT_AGENT_TOO_COSTLY"
  | "WT_AGENT_FAILED"
  | "WT_AGENT_LISTEN";

/** One row of the table: the HTTP status it answers with, and what it says. */
interface AgentErrorEntry {
  readonly status: number;
  readonly message: string;
  readonly remedy: string;
}

/** Codes, statuses, messages and remedies. `{what}` is filled in where the error is raised. */
export const AGENT_ERRORS: Readonly<Record<AgentErrorCode, AgentErrorEntry>> = {
  WT_AGENT_OPTION_INVALID: {
    status: 500,
    message: "The agent cannot start with this option: {what}.",
    remedy: "Correct the option or its environment variable. The host runs on without the agent.",
  },
  WT_AGENT_UNAUTHORIZED: {
    status: 401,
    message: "This needs the agent's token{what}.",
    remedy:
      "Send it as `Authorization: Bearer …`. It is in the agent's file below the temporary folder, readable by the process's own user.",
  },
  WT_AGENT_NOT_FOUND: {
    status: 404,
    message: "Unknown profile: {what}.",
    remedy: "The index page lists the profiles that there are.",
  },
  WT_AGENT_PARAMETER: {
    status: 400,
    message: "This parameter cannot be used: {what}.",
    remedy:
      "`seconds` is a whole number from 1 to 300, `debug` is 0, 1 or 2, `gc` is 0 or 1, `standstill_ms` a whole number up to 3600000.",
  },
  WT_AGENT_BUSY: {
    status: 503,
    message: "Another {what} is being taken.",
    remedy: "Ask again when it is done: two at once would cost the service twice.",
  },
  WT_AGENT_TOO_COSTLY: {
    status: 503,
    message: "The profile would hurt the service: {what}.",
    remedy:
      "Add `standstill_ms=` to the query to allow it once, set WATERTIGHT_STANDSTILL_MS, WATERTIGHT_HEAP_MB or `taskBudget` for good, or take the process out of the load balancer first.",
  },
  WT_AGENT_FAILED: {
    status: 500,
    message: "The profile could not be taken: {what}.",
    remedy:
      "The service itself is unharmed. Try again, or raise the agent's budget if that is what it says.",
  },
  WT_AGENT_LISTEN: {
    status: 500,
    message: "The agent could not listen: {what}.",
    remedy: "Choose another port, or 0 for any. The host runs on without the agent.",
  },
};

/** Raised inside the agent, answered over HTTP, never thrown into the host. */
export class AgentError extends Error {
  readonly code: AgentErrorCode;
  readonly status: number;
  readonly remedy: string;

  constructor(code: AgentErrorCode, what: string) {
    const entry = AGENT_ERRORS[code];
    super(entry.message.replace("{what}", () => what));
    this.name = "AgentError";
    this.code = code;
    this.status = entry.status;
    this.remedy = entry.remedy;
  }
}
