/**
 * Requests wait in `DB.conn` for a connection, and no connection comes back.
 * It is the effect of rows or transactions that stay open; with a context that cannot be cancelled these
 * leave no goroutine of their own, and this is all there is to see.
 *
 * Looks alike: a pool that is too small for a moment of load. Its connections are in use by somebody.
 */
import { countWorkers } from "../view/body-count.ts";
import type { Rule } from "./rule.ts";
import { stackEvidence } from "../evidence.ts";

const WAIT = "database/sql.(*DB).conn";

export const sqlPoolExhausted: Rule = {
  cause: "sql-pool-exhausted",
  fix: {
    summary:
      "Return connections: close rows, end transactions; and query with a context that has a deadline.",
    example: `// before
rows, err := db.Query(query)

// after
ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
defer cancel()
rows, err := db.QueryContext(ctx, query)
if err != nil {
	return err
}
defer rows.Close()`,
  },
  match(view, dump) {
    if (view.wait !== "select" || !view.functions.includes(WAIT)) return undefined;
    const waiting = dump.countInside(WAIT);
    const others = countWorkers(dump) - waiting;
    return {
      title: "Requests wait for a database connection that does not come",
      patience: others <= 1 ? "forgotten" : "capacity",
      countMin: others <= 1 ? 3 : waiting + 1,
      evidence: [
        stackEvidence(view, `${waiting} goroutines wait in DB.conn for a connection of the pool.`),
        {
          text:
            others <= 1
              ? "Nobody in the dump is using one, so none will come back."
              : `${others} goroutines are in the service's own code and may be using one.`,
        },
      ],
    };
  },
};
