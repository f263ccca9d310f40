/**
 * An HTTP/2 stream whose response body is not closed keeps its goroutine in `clientStream.writeRequest`.
 *
 * Looks alike: streams that are under way: each has a goroutine in the service's own code.
 */
import { countWorkers } from "../view/body-count.ts";
import type { Rule } from "./rule.ts";
import { frameOf, stackEvidence } from "../evidence.ts";

const WRITE_REQUEST =
  /^(?:net\/http|net\/http\/internal\/http2|golang\.org\/x\/net\/http2)\.\(\*(?:http2)?clientStream\)\.writeRequest$/;

export const http2Stream: Rule = {
  cause: "http2-stream",
  fix: {
    summary: "Close every response body; give requests a context that ends.",
    example: `// before
resp, err := client.Do(req)
if err == nil && resp.StatusCode == 200 {
	return nil // the stream stays open
}

// after
resp, err := client.Do(req)
if err != nil {
	return err
}
defer resp.Body.Close()`,
  },
  match(view, dump) {
    const site = frameOf(view, WRITE_REQUEST);
    if (site === undefined || view.wait !== "select") return undefined;
    const open = view.group.count;
    const workers = countWorkers(dump);
    const forgotten = Math.max(open - workers, 0);
    return {
      title: "HTTP/2 streams stay open",
      patience: forgotten > 0 ? "forgotten" : "capacity",
      countMin: forgotten > 0 ? Math.min(open, workers + 5) : open + 1,
      site,
      evidence: [
        stackEvidence(
          view,
          `${open} HTTP/2 streams are open; ${workers} goroutines are in the service's own code and could be using one.`,
        ),
      ],
    };
  },
};
