/**
 * An `http.Transport` that is made per request keeps its idle connection, which nobody can find again.
 *
 * Idle connections read ahead: `readLoop` in IO wait through `bufio.(*Reader).Peek`. The default pool keeps 100,
 * 2 for one host; more than that is a pool per request, or a pool without a limit.
 *
 * Looks alike: keep-alive connections within the pool's limit.
 */
import type { Rule } from "./rule.ts";
import { hasFunction, stackEvidence } from "./evidence.ts";

/** `http.DefaultTransport` keeps at most 100 idle connections; what is beyond has another home. */
const IDLE_CONNECTIONS_MAX = 100;

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
    if (view.wait !== "IO wait" || !view.functions.includes("net/http.(*persistConn).readLoop"))
      return undefined;
    if (!hasFunction(view, "bufio.(*Reader).Peek")) return undefined;
    const transports = countTransports(dump);
    const open = view.group.count;
    return {
      title: "idle HTTP connections beyond any pool: a Transport is made per request",
      patience: "capacity",
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
function countTransports(dump: {
  groupsInside(name: string): readonly import("../view/group-view.ts").GroupView[];
}): number {
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
