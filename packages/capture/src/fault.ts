/** Reads the faults of Node, its TLS and its HTTP parser, and says what they mean here. */
import { CaptureError, type CaptureErrorCode } from "./errors.ts";

/** The `code` of a system error, or undefined. */
export function readFaultCode(fault: unknown): string | undefined {
  if (typeof fault !== "object" || fault === null || !("code" in fault)) return undefined;
  return typeof fault.code === "string" ? fault.code : undefined;
}

/** One line that names a fault: its own message, or its code. */
export function describeFault(fault: unknown): string {
  if (fault instanceof Error && fault.message !== "") return fault.message.split("\n", 1)[0] ?? "";
  return readFaultCode(fault) ?? "unknown fault";
}

const BY_CODE: Readonly<Record<string, CaptureErrorCode>> = {
  ECONNREFUSED: "WT_CAPTURE_REFUSED",
  ENOTFOUND: "WT_CAPTURE_HOST_UNKNOWN",
  EAI_AGAIN: "WT_CAPTURE_HOST_UNKNOWN",
  EHOSTUNREACH: "WT_CAPTURE_UNREACHABLE",
  ENETUNREACH: "WT_CAPTURE_UNREACHABLE",
  EADDRNOTAVAIL: "WT_CAPTURE_UNREACHABLE",
  ETIMEDOUT: "WT_CAPTURE_UNREACHABLE",
  ECONNRESET: "WT_CAPTURE_CUT",
  EPIPE: "WT_CAPTURE_CUT",
  ERR_STREAM_PREMATURE_CLOSE: "WT_CAPTURE_CUT",
  HPE_HEADER_OVERFLOW: "WT_CAPTURE_HEADERS_TOO_LARGE",
  HPE_INVALID_EOF_STATE: "WT_CAPTURE_CUT",
  Z_BUF_ERROR: "WT_CAPTURE_CUT",
  Z_DATA_ERROR: "WT_CAPTURE_ENCODING",
  Z_NEED_DICT: "WT_CAPTURE_ENCODING",
  ENOENT: "WT_CAPTURE_SOCKET_MISSING",
  ENOTSOCK: "WT_CAPTURE_SOCKET_MISSING",
  EACCES: "WT_CAPTURE_SOCKET_MISSING",
  ERR_SSL_WRONG_VERSION_NUMBER: "WT_CAPTURE_TLS_FAILED",
};

const UNTRUSTED =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;
const CLIENT_REFUSED = /ALERT_(?:CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|ACCESS)/;

/** Turns any fault of a request into a coded error; a {@link CaptureError} stays itself. */
export function toCaptureError(fault: unknown, where: string): CaptureError {
  if (fault instanceof CaptureError) return fault;
  const code = readFaultCode(fault) ?? "";
  const known = BY_CODE[code];
  if (known) return new CaptureError(known, withDetail(known, where, fault));
  if (UNTRUSTED.test(code)) {
    return new CaptureError("WT_CAPTURE_TLS_UNTRUSTED", `${where}, ${code}`);
  }
  if (CLIENT_REFUSED.test(code)) {
    return new CaptureError("WT_CAPTURE_TLS_CLIENT", `${where}, ${code}`);
  }
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_") || code === "EPROTO") {
    return new CaptureError("WT_CAPTURE_TLS_FAILED", `${where}, ${code}`);
  }
  if (code.startsWith("HPE_")) {
    return new CaptureError("WT_CAPTURE_HTTP_INVALID", `${where}, ${code}`);
  }
  return new CaptureError("WT_CAPTURE_UNREACHABLE", `${where}, ${describeFault(fault)}`);
}

const BARE: ReadonlySet<CaptureErrorCode> = new Set([
  "WT_CAPTURE_REFUSED",
  "WT_CAPTURE_HOST_UNKNOWN",
]);

function withDetail(code: CaptureErrorCode, where: string, fault: unknown): string {
  if (BARE.has(code)) return where;
  const detail = readFaultCode(fault);
  return detail === undefined ? where : `${where}, ${detail}`;
}
