/**
 * A read or write on a network connection without a deadline, whose peer is silent.
 *
 * Looks alike: a server's idle clients, websockets, subscriptions: they wait on purpose.
 */
import type { Rule } from "./rule.ts";
import { atSite, hasFunction, stackEvidence } from "../evidence.ts";

const NETWORK =
  /^(?:net\.\(\*(?:conn|TCPConn|UnixConn|UDPConn|IPConn)\)|crypto\/tls\.\(\*Conn\))\.(?:Read|Write|ReadFrom|ReadFromUDP)$/;

export const connNoDeadline: Rule = {
  cause: "conn-no-deadline",
  fix: {
    summary: "Set a deadline before each read and write.",
    example: `// before
n, err := conn.Read(buffer)

// after
conn.SetReadDeadline(time.Now().Add(30 * time.Second))
n, err := conn.Read(buffer)`,
  },
  match(view) {
    if (view.wait !== "IO wait" || view.siteIndex < 0 || !hasFunction(view, NETWORK))
      return undefined;
    return {
      title: "A network connection is read or written without a deadline",
      patience: "may-idle",
      evidence: [stackEvidence(view, `The goroutine waits for the network ${atSite(view)}.`)],
    };
  },
};
