/**
 * Everything that can go wrong between Watertight and a target, as data. The table is the
 * single source: `docs/errors.md` repeats it and a test compares the two.
 */
import type { CaptureErrorCode } from "./error-codes.ts";

export type { CaptureErrorCode } from "./error-codes.ts";

/**
 * What an error means for the caller: `usage` the request itself is wrong, `unreachable` the
 * target gave nothing, `incomplete` a part of the capture is missing.
 */
export type CaptureErrorKind = "usage" | "unreachable" | "incomplete";

/** One row of the table. `{what}` is filled in where the error is raised. */
export interface CaptureErrorEntry {
  readonly kind: CaptureErrorKind;
  readonly message: string;
  readonly remedy: string;
}

/** Codes, kinds, messages and remedies. */
export const CAPTURE_ERRORS: Readonly<Record<CaptureErrorCode, CaptureErrorEntry>> = {
  WT_CAPTURE_TARGET_INVALID: {
    kind: "usage",
    message: "This is no target: {what}.",
    remedy:
      "Write a URL (http://host:6060), host:port, :port, unix:/path.sock, a process id, a file, a folder, or - for standard input.",
  },
  WT_CAPTURE_OPTION_INVALID: {
    kind: "usage",
    message: "This option cannot be used: {what}.",
    remedy: "Correct the option and run again; no request was sent.",
  },
  WT_CAPTURE_CREDENTIAL_MISSING: {
    kind: "usage",
    message: "A credential could not be read: {what}.",
    remedy: "Set the environment variable or correct the file's path and its permissions.",
  },
  WT_CAPTURE_PID_MISSING: {
    kind: "unreachable",
    message: "No process {what} is running here.",
    remedy: "Check the process id with ps; inside a container, run Watertight there too.",
  },
  WT_CAPTURE_PID_UNREADABLE: {
    kind: "unreachable",
    message: "The open sockets of process {what} cannot be read.",
    remedy: "Run as the same user or as root, or pass the service's host:port instead.",
  },
  WT_CAPTURE_PID_NO_PORT: {
    kind: "unreachable",
    message: "Process {what} answers pprof on none of its listening ports.",
    remedy:
      'Import _ "net/http/pprof" and serve http.DefaultServeMux on a local port, or pass the URL with its prefix.',
  },
  WT_CAPTURE_PID_NO_AGENT: {
    kind: "unreachable",
    message: "Process {what} is Node's, and no agent has announced itself in it.",
    remedy:
      "Start it with node --import @watertight/agent/register, or look into it as it is: watertight inspect PID.",
  },
  WT_CAPTURE_HOST_UNKNOWN: {
    kind: "unreachable",
    message: "The name {what} does not resolve.",
    remedy: "Check the spelling and that this machine's DNS knows the host.",
  },
  WT_CAPTURE_REFUSED: {
    kind: "unreachable",
    message: "Nothing listens at {what}.",
    remedy: "Check that the service runs and that its pprof port is the one you passed.",
  },
  WT_CAPTURE_SOCKET_MISSING: {
    kind: "unreachable",
    message: "The unix socket cannot be opened: {what}.",
    remedy: "Check the socket's path and that you may write to it.",
  },
  WT_CAPTURE_UNREACHABLE: {
    kind: "unreachable",
    message: "There is no connection to {what}.",
    remedy: "Check the network, the firewall and any port-forward between here and the service.",
  },
  WT_CAPTURE_TLS_UNTRUSTED: {
    kind: "unreachable",
    message: "The target's certificate is not trusted: {what}.",
    remedy: "Pass the authority that signed it as the CA file; insecure mode skips the check.",
  },
  WT_CAPTURE_TLS_CLIENT: {
    kind: "unreachable",
    message: "The target asked for a client certificate that it accepts: {what}.",
    remedy: "Pass a certificate and key that the target's authority signed.",
  },
  WT_CAPTURE_TLS_FAILED: {
    kind: "unreachable",
    message: "The TLS handshake failed: {what}.",
    remedy: "If the port speaks plain HTTP write http:// in front of it, else check its TLS setup.",
  },
  WT_CAPTURE_TLS_EXPECTED: {
    kind: "unreachable",
    message: "The target speaks HTTPS, the request was plain HTTP: {what}.",
    remedy: "Write https:// in front of the host.",
  },
  WT_CAPTURE_CONNECT_TIMEOUT: {
    kind: "unreachable",
    message: "No connection was made within the time allowed: {what}.",
    remedy: "Check the network, or allow a longer connect timeout.",
  },
  WT_CAPTURE_HEADER_TIMEOUT: {
    kind: "unreachable",
    message: "The target accepted the request but did not begin to answer in time: {what}.",
    remedy: "The service may be overloaded or stopped; allow a longer header timeout.",
  },
  WT_CAPTURE_IDLE_TIMEOUT: {
    kind: "incomplete",
    message: "The target stopped sending in the middle of its answer: {what}.",
    remedy: "What had arrived was kept. Try again, or allow a longer idle timeout.",
  },
  WT_CAPTURE_TOTAL_TIMEOUT: {
    kind: "incomplete",
    message: "The time budget ended before the answer did: {what}.",
    remedy: "What had arrived was kept. Allow more time in the budget.",
  },
  WT_CAPTURE_ABORTED: {
    kind: "incomplete",
    message: "The capture was stopped: {what}.",
    remedy: "What had arrived was kept.",
  },
  WT_CAPTURE_TOO_LARGE: {
    kind: "incomplete",
    message: "The answer is larger than the byte budget: {what}.",
    remedy: "What had arrived was kept. Allow more bytes in the budget.",
  },
  WT_CAPTURE_INFLATED_TOO_LARGE: {
    kind: "incomplete",
    message: "The compressed answer inflates beyond its bound: {what}.",
    remedy: "If the target is to be trusted allow more inflated bytes in the limits.",
  },
  WT_CAPTURE_HEADERS_TOO_LARGE: {
    kind: "unreachable",
    message: "The response's headers are larger than their bound: {what}.",
    remedy: "A profile endpoint sends few headers: check what answers at that address.",
  },
  WT_CAPTURE_CUT: {
    kind: "incomplete",
    message: "The connection broke before the answer was whole: {what}.",
    remedy:
      "What had arrived was kept. The service may have restarted, or a proxy may limit the time or size of answers.",
  },
  WT_CAPTURE_ENCODING: {
    kind: "incomplete",
    message: "The answer's compression cannot be read: {what}.",
    remedy: "Capture past the proxy that compresses, or have it leave the profiles alone.",
  },
  WT_CAPTURE_HTTP_INVALID: {
    kind: "unreachable",
    message: "What answered does not speak HTTP: {what}.",
    remedy: "Check the port: pprof is served by the service's HTTP server.",
  },
  WT_CAPTURE_REDIRECT_ELSEWHERE: {
    kind: "unreachable",
    message: "The target sends the request to another place: {what}.",
    remedy: "Redirects are followed within one origin only. Pass the final address yourself.",
  },
  WT_CAPTURE_REDIRECT_LOOP: {
    kind: "unreachable",
    message: "The target redirects without end: {what}.",
    remedy: "Pass the address at which pprof itself is served.",
  },
  WT_CAPTURE_HTML: {
    kind: "unreachable",
    message: "A web page answered instead of a profile: {what}.",
    remedy: "It may be a login page: pass a bearer token or a header, or go past the proxy.",
  },
  WT_CAPTURE_UNAUTHORIZED: {
    kind: "unreachable",
    message: "The target wants credentials (401): {what}.",
    remedy: "Pass a bearer token (by the name of its environment variable) or a header.",
  },
  WT_CAPTURE_FORBIDDEN: {
    kind: "unreachable",
    message: "The target refuses these credentials (403): {what}.",
    remedy: "Use credentials that may read pprof, or capture from inside its network.",
  },
  WT_CAPTURE_NO_PPROF: {
    kind: "unreachable",
    message: "There is no pprof at {what}.",
    remedy:
      'Import _ "net/http/pprof" in the service (or mount its handlers), and pass the prefix if it is not /debug/pprof.',
  },
  WT_CAPTURE_PROFILE_MISSING: {
    kind: "incomplete",
    message: "The target does not serve this profile (404): {what}.",
    remedy: "Mount the profile's handler; goroutineleak needs a service built with Go 1.27.",
  },
  WT_CAPTURE_STATUS: {
    kind: "unreachable",
    message: "The target answered with an error: {what}.",
    remedy: "Look at the service's own log for that request.",
  },
  WT_CAPTURE_PROFILE_INVALID: {
    kind: "incomplete",
    message: "What the target sent is no such profile: {what}.",
    remedy: "Check what serves that address; save the raw answer to look at it.",
  },
  WT_CAPTURE_COUNTER_MISSING: {
    kind: "incomplete",
    message: "There is no such request counter: {what}.",
    remedy: "Name the metric (Prometheus) or the variable (expvar), and the path that serves it.",
  },
  WT_CAPTURE_FILE_UNREADABLE: {
    kind: "unreachable",
    message: "The file or folder cannot be read: {what}.",
    remedy: "Check the path and its permissions.",
  },
  WT_CAPTURE_FILE_UNKNOWN: {
    kind: "unreachable",
    message: "The file holds no capture that Watertight reads: {what}.",
    remedy:
      "Pass goroutine text (debug=1 or debug=2), a pprof profile (plain or gzip), or folded stacks.",
  },
  WT_CAPTURE_FOLDER_EMPTY: {
    kind: "unreachable",
    message: "The folder holds no capture that Watertight reads: {what}.",
    remedy: "Save goroutine or heap profiles into it, or pass the folder that watch writes to.",
  },
  WT_CAPTURE_STORE_FAILED: {
    kind: "incomplete",
    message: "A capture could not be kept on disk: {what}.",
    remedy: "Check the free space and the permissions of the folder.",
  },
  WT_CAPTURE_INSPECTOR: {
    kind: "unreachable",
    message: "The process's inspector cannot be used: {what}.",
    remedy:
      "Check that it is a Node process of yours that does not catch SIGUSR1. Where port 9229 is another process's, start it with --inspect-port=127.0.0.1:0, which opens nothing by itself, or with the agent in it.",
  },
  WT_CAPTURE_HEAP_TOO_LARGE: {
    kind: "incomplete",
    message: "The heap is too large for a task profile: {what}.",
    remedy:
      "A snapshot takes several times the memory of the heap. Give the process room for it and set WATERTIGHT_HEAP_MB (or `taskBudget.heapBytesMax` of its agent), and take it out of the load balancer first.",
  },
  WT_CAPTURE_TASKS_TOO_COSTLY: {
    kind: "incomplete",
    message: "A task profile would stop the process for too long: {what}.",
    remedy:
      "Allow it with --budget-ms (for good with WATERTIGHT_STANDSTILL_MS in the environment of the agent's process), or take the process out of the load balancer first.",
  },
  WT_CAPTURE_CENSUS_INVALID: {
    kind: "incomplete",
    message: "The census of the heap cannot be read: {what}.",
    remedy:
      "The tasks were kept. Check that the agent is of this version, and that nothing cuts its answers.",
  },
};

/** One thing that went wrong, ready to be printed or serialised. Never holds a secret. */
export interface CaptureProblem {
  readonly code: CaptureErrorCode;
  readonly kind: CaptureErrorKind;
  readonly message: string;
  readonly remedy: string;
}

/** Builds a {@link CaptureProblem}, filling `{what}` of the code's message. */
export function describeCaptureProblem(code: CaptureErrorCode, what: string): CaptureProblem {
  const { kind, message, remedy } = CAPTURE_ERRORS[code];
  return { code, kind, message: message.replace("{what}", () => what), remedy };
}

/** Thrown by everything in this room that cannot give what it was asked for. */
export class CaptureError extends Error {
  readonly problem: CaptureProblem;

  constructor(code: CaptureErrorCode, what: string) {
    const problem = describeCaptureProblem(code, what);
    super(`${problem.code}: ${problem.message} ${problem.remedy}`);
    this.name = "CaptureError";
    this.problem = problem;
  }

  get code(): CaptureErrorCode {
    return this.problem.code;
  }
}
