/**
 * A transaction that is neither committed nor rolled back keeps its connection, and a goroutine in `Tx.awaitDone`.
 *
 * Looks alike: transactions under way: each has a goroutine in the service's own code.
 */
import type { Rule } from "./rule.ts";
import { frameOf, stackEvidence } from "../evidence.ts";
import { forgottenConnections } from "./sql-rows.ts";

export const sqlTx: Rule = {
  cause: "sql-tx",
  fix: {
    summary:
      "Roll back on every path: defer tx.Rollback() right after BeginTx; after a Commit it does nothing.",
    example: `// before
tx, err := db.BeginTx(ctx, nil)
if _, err := tx.ExecContext(ctx, query); err != nil {
	return err // the transaction stays open
}
return tx.Commit()

// after
tx, err := db.BeginTx(ctx, nil)
if err != nil {
	return err
}
defer tx.Rollback()
if _, err := tx.ExecContext(ctx, query); err != nil {
	return err
}
return tx.Commit()`,
  },
  match(view, dump) {
    const site = frameOf(view, "database/sql.(*Tx).awaitDone");
    if (site === undefined || (view.wait !== "chan receive" && view.wait !== "select"))
      return undefined;
    return {
      title: "SQL transactions are neither committed nor rolled back",
      ...forgottenConnections(view.group.count, dump),
      site,
      evidence: [
        stackEvidence(
          view,
          `${view.group.count} transactions wait for their end (Tx.awaitDone); each keeps a connection of its pool.`,
        ),
      ],
    };
  },
};
