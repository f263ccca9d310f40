/**
 * `sql.Rows` that are not closed keep their connection out of the pool, and a goroutine in `Rows.awaitDone`.
 *
 * Looks alike: queries that are being read: each has a goroutine in the service's own code.
 */
import { countWorkers } from "../view/body-count.ts";
import type { DumpView } from "../view/dump-view.ts";
import type { Rule } from "./rule.ts";
import { frameOf, stackEvidence } from "../evidence.ts";

export const sqlRows: Rule = {
  cause: "sql-rows",
  fix: {
    summary: "Close rows on every path: defer rows.Close() right after the query.",
    example: `// before
rows, err := db.QueryContext(ctx, query)
if rows.Next() {
	return scan(rows) // the rows stay open
}

// after
rows, err := db.QueryContext(ctx, query)
if err != nil {
	return err
}
defer rows.Close()`,
  },
  match(view, dump) {
    const site = frameOf(view, "database/sql.(*Rows).awaitDone");
    if (site === undefined || view.wait !== "select") return undefined;
    return {
      title: "SQL rows are not closed",
      ...forgottenConnections(view.group.count, dump),
      site,
      evidence: [
        stackEvidence(
          view,
          `${view.group.count} sql.Rows wait to be closed (Rows.awaitDone); each keeps a connection of its pool.`,
        ),
      ],
    };
  },
};

/** Open rows or transactions are forgotten when nobody is left who could be using them. */
export function forgottenConnections(
  open: number,
  dump: DumpView,
): { readonly patience: "forgotten" | "capacity"; readonly countMin: number } {
  const users = countWorkers(dump) - dump.countInside("database/sql.(*DB).conn");
  if (open > users)
    return { patience: "forgotten", countMin: Math.min(open, Math.max(users, 0) + 3) };
  return { patience: "capacity", countMin: open + 1 };
}
