/**
 * A response body that is neither read to its end nor closed keeps its connection, and the two goroutines
 * of that connection, for ever.
 *
 * `persistConn.readLoop` is in a select only while a body is outstanding; between requests it reads ahead
 * (see transport-per-request). So more of them than goroutines that could be reading a body are forgotten ones.
 *
 * Looks alike: downloads that are under way: each has a goroutine in the service's own code.
 */
import { countWorkers } from "../view/body-count.ts";
import type { Evidence } from "@watertight/finding";
import type { Rule } from "./rule.ts";
import { stackEvidence } from "../evidence.ts";

const READ = "net/http.(*persistConn).readLoop";
const WRITE = "net/http.(*persistConn).writeLoop";

/** How many bodies nobody can be reading, when that is any. */
function describeForgotten(workers: number, forgotten: number): readonly Evidence[] {
  if (forgotten === 0) return [];
  const readers = workers === 1 ? "1 goroutine is" : `${workers} goroutines are`;
  return [
    {
      text: `Only ${readers} in the service's own code, so at least ${forgotten} of these bodies are read by nobody.`,
    },
  ];
}

export const unclosedBody: Rule = {
  cause: "unclosed-body",
  fix: {
    summary: "Close the response body on every path, also when the status is not the one you want.",
    example: `// before
resp, err := http.Get(url)
if err != nil || resp.StatusCode != 200 {
	return err // the body stays open
}
defer resp.Body.Close()

// after
resp, err := http.Get(url)
if err != nil {
	return err
}
defer resp.Body.Close()`,
  },
  match(view, dump) {
    if (view.wait !== "select" || !view.functions.includes(READ)) return undefined;
    const open = view.group.count;
    const workers = countWorkers(dump);
    const forgotten = Math.max(open - workers, 0);
    return {
      title: "HTTP response bodies are not closed",
      patience: forgotten > 0 ? "forgotten" : "capacity",
      countMin: forgotten > 0 ? Math.min(open, workers + 5) : open + 1,
      companions: { function: WRITE, wait: "select", countMax: open },
      evidence: [
        stackEvidence(
          view,
          `${open} connections of an http.Transport wait for somebody to read or close a response body (readLoop in select).`,
        ),
        ...describeForgotten(workers, forgotten),
      ],
    };
  },
};
