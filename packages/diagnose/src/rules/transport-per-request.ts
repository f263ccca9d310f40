/**
 * An `http.Transport` that is made per request keeps its idle connection, which nobody can find again.
 *
 * Idle connections read ahead: `readLoop` in IO wait through `bufio.(*Reader).Peek`. The default pool keeps 100,
 * 2 for one host; more than that is a pool per request, or a pool without a limit.
 *
 * Looks alike: keep-alive connections within the pool's limit.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { Rule } from "./rule.ts";
import { frameOf, hasFunction, stackEvidence } from "../evidence.ts";

const READ = "net/http.(*persistConn).readLoop";

/** `http.DefaultTransport` keeps at most 100 idle connections; what is beyond has another home. */
const IDLE_CONNECTIONS_MAX = 100;

/** So few are never worth a word. */
const IDLE_CONNECTIONS_SMALL = 5;

export const transportPerRequest: Rule = {
  cause: "transport-per-request",
  fix: {
    summary: "Make one http.Client with one Transport at start-up and share it.",
    example: `// before
func fetch(url string) (*http.Response, error) {
	client := &http.Client{Transport: &http.Transport{}}
	return client.Get(url)
}

// after
var client = &http.Client{Timeout: 10 * time.Second}

func fetch(url string) (*http.Response, error) { return client.Get(url) }`,
  },
  match(view, dump) {
    if (view.wait !== "IO wait" || !view.functions.includes(READ)) return undefined;
    if (!hasFunction(view, "bufio.(*Reader).Peek")) return undefined;
    // A request that waits for its answer reads ahead as well.
    const underWay = dump.countInside("net/http.(*persistConn).roundTrip");
    const open = view.group.count - underWay;
    if (open < IDLE_CONNECTIONS_SMALL || open < view.group.count / 2) return undefined;
    const transports = countTransports(dump);
    return {
      title: "HTTP connections idle beyond any pool: a Transport is made per request",
      patience: "capacity",
      site: frameOf(view, READ),
      countMin: transports > 2 ? Math.max(10, transports) : IDLE_CONNECTIONS_MAX + 20,
      companions: { function: "net/http.(*persistConn).writeLoop", wait: "select", countMax: open },
      evidence: [
        stackEvidence(
          view,
          `${open} client connections idle (readLoop reads ahead); a pool keeps ${IDLE_CONNECTIONS_MAX} unless told otherwise.`,
        ),
        ...(transports > 1
          ? [{ text: `The requests under way go through ${transports} different Transports.` }]
          : []),
      ],
    };
  },
};

/** Different receivers of `Transport.roundTrip` on the stacks of requests under way. */
function countTransports(dump: DumpView): number {
  const name = "net/http.(*Transport).roundTrip";
  const found = new Set<number>();
  for (const { functions, group } of dump.groupsInside(name)) {
    const index = functions.indexOf(name);
    for (const { words } of group.witnesses) {
      const word = words[index]?.[0];
      if (word !== undefined && word > 0xffff) found.add(word);
    }
  }
  return found.size;
}
