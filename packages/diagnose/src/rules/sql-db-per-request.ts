/**
 * `sql.Open` makes a pool, not a connection; each pool keeps a `connectionOpener` goroutine until it is closed.
 *
 * Looks alike: one pool a tenant or shard, opened at start-up.
 */
import type { Rule } from "./rule.ts";
import { frameOf, stackEvidence } from "../evidence.ts";

export const sqlDbPerRequest: Rule = {
  cause: "sql-db-per-request",
  fix: {
    summary: "Open one sql.DB at start-up and share it.",
    example: `// before
func handler(w http.ResponseWriter, r *http.Request) {
	db, err := sql.Open("postgres", dsn)
}

// after
var db = mustOpen("postgres", dsn)`,
  },
  match(view) {
    const site = frameOf(view, "database/sql.(*DB).connectionOpener");
    if (site === undefined) return undefined;
    return {
      title: "A database pool is opened again and again",
      patience: "never-idle",
      site,
      evidence: [
        stackEvidence(
          view,
          `${view.group.count} sql.DB pools are open: each keeps one connectionOpener, and a service needs one for each database.`,
        ),
      ],
    };
  },
};
