/** Everything that ends a flow operation early, as data. */

/** Every code of this room. */
export type FlowErrorCode =
  | "WT_FLOW_CANCELLED"
  | "WT_FLOW_DEADLINE"
  | "WT_FLOW_CHANNEL_CLOSED"
  | "WT_FLOW_CAPACITY"
  | "WT_FLOW_TIMEOUT";

/** Codes, messages and remedies. `{what}` is filled in where the error is made. */
export const FLOW_ERRORS: Readonly<
  Record<FlowErrorCode, { readonly message: string; readonly remedy: string }>
> = {
  WT_FLOW_CANCELLED: {
    message: "{what} was cancelled.",
    remedy: "Nothing to do: the work was no longer wanted. The cause says who cancelled it.",
  },
  WT_FLOW_DEADLINE: {
    message: "{what} passed its deadline.",
    remedy: "Find what it waited for, or allow it more time with timeoutMs.",
  },
  WT_FLOW_CHANNEL_CLOSED: {
    message: "The channel {what} is closed, so nothing can be sent on it.",
    remedy: "Close a channel once, from the side that sends, after its last send.",
  },
  WT_FLOW_CAPACITY: {
    message: "A channel's capacity must be a whole number from 0 to 1,048,576, not {what}.",
    remedy: "Pass 0 for a rendezvous, or the number of values that may wait.",
  },
  WT_FLOW_TIMEOUT: {
    message: "No case of the select was ready within {what}.",
    remedy: "Raise timeoutMs, or add a default case when not waiting is fine.",
  },
};

// The names that code written for AbortSignal already checks for.
const platformNames: Partial<Record<FlowErrorCode, string>> = {
  WT_FLOW_CANCELLED: "AbortError",
  WT_FLOW_DEADLINE: "TimeoutError",
  WT_FLOW_TIMEOUT: "TimeoutError",
};

/** Thrown, and given as the abort reason, by this room. */
export class FlowError extends Error {
  readonly code: FlowErrorCode;
  readonly remedy: string;

  constructor(code: FlowErrorCode, what: string, options?: { readonly cause?: unknown }) {
    super(FLOW_ERRORS[code].message.replace("{what}", what), options);
    this.code = code;
    this.remedy = FLOW_ERRORS[code].remedy;
    this.name = platformNames[code] ?? "FlowError";
  }
}
