/**
 * An HTTP request whose answer never comes, by a client without a timeout and a context without a deadline.
 *
 * Looks alike: a slow upstream under load. One capture cannot tell it from a dead one unless it states ages;
 * a series can, by the ids that stay.
 */
import type { Rule } from "./rule.ts";
import { atSite, hasFunction, stackEvidence } from "../evidence.ts";

const ROUND_TRIP =
  /^(?:net\/http\.\(\*persistConn\)\.roundTrip|(?:net\/http|golang\.org\/x\/net\/http2|net\/http\/internal\/http2)\.\(\*(?:http2)?(?:ClientConn|clientConn|Transport)\)\.(?:RoundTrip|roundTrip)(?:Opt)?)$/;

export const noClientTimeout: Rule = {
  cause: "no-client-timeout",
  fix: {
    summary: "Give the client a Timeout, or the request a context with a deadline.",
    example: `// before
resp, err := http.Get(url)

// after
var client = &http.Client{Timeout: 10 * time.Second}

resp, err := client.Get(url)`,
  },
  match(view) {
    if (!isWaitingForAnswer(view.wait) || view.siteIndex < 0 || !hasFunction(view, ROUND_TRIP))
      return undefined;
    return {
      title: "An HTTP request waits for its answer without a timeout",
      patience: "may-idle",
      evidence: [
        stackEvidence(
          view,
          `The request made ${atSite(view)} waits for the first byte of an answer.`,
        ),
      ],
    };
  },
};

function isWaitingForAnswer(wait: string): boolean {
  return wait === "select" || wait === "chan receive";
}
