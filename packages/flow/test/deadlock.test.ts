import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { projectRoot } from "../../../e2e/house/source-tree.ts";

function runProgram(body: string): string {
  const program = `
    import { Channel, go, watchForDeadlock } from "@watertight/flow";
    watchForDeadlock(({ text }) => console.log(text));
    ${body}`;
  return execFileSync(
    process.execPath,
    ["--conditions=watertight-source", "--input-type=module", "--eval", program],
    { cwd: `${projectRoot}/packages/cli`, encoding: "utf8" },
  );
}

test("a program whose tasks wait for one another is told the cycle when it ends", () => {
  const printed = runProgram(`
    const orders = new Channel({ name: "orders" });
    const receipts = new Channel({ name: "receipts" });
    go("cashier", async () => {
      await receipts.receive(); await orders.send(1); await receipts.receive();
    });
    go("kitchen", async () => {
      await receipts.send(1); await orders.receive(); await orders.receive();
    });`);
  expect(printed).toContain("Deadlock: 2 operations wait for one another.");
  expect(printed).toContain("cashier waits to receive on receipts");
  expect(printed).toContain("kitchen waits to receive on orders");
});

test("a receive that has no sender is reported without a cycle", () => {
  const printed = runProgram(`
    const replies = new Channel({ name: "replies" });
    go("client", () => replies.receive());`);
  expect(printed).toContain("nothing is left that could complete them");
  expect(printed).toContain("client waits to receive on replies");
});

test("a program that finishes its work is told nothing", () => {
  const printed = runProgram(`
    const jobs = new Channel();
    go("producer", async () => { for (let i = 0; i < 3; i++) await jobs.send(i); jobs.close(); });
    go("consumer", async () => { for await (const job of jobs); });`);
  expect(printed).toBe("");
});
