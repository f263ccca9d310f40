/**
 * Holds one program of the zoo as a long-lived process, to be looked at from outside.
 *
 *     node --conditions=watertight-source zoo/node/run.ts PROGRAM [GIVE_UP_MS]
 *
 * Says `ready`, then obeys lines on standard input and answers each with one line of JSON:
 * `run 20` sends that many requests, a few at a time, `burst 20` all at once → `{ "sent", "settled" }`; `gauges` → counts of what is
 * alive; `stop` calls the program's own end. Ends with its input.
 */
import { createInterface } from "node:readline";
import { driveRequests } from "./drive.ts";
import { readGauges } from "./gauges.ts";
import { loadProgram } from "./program.ts";

const [path = "", giveUpMs = "150"] = process.argv.slice(2);
const program = await loadProgram(path);
let sent = 0;
let settled = 0;

function send(count: number, waves: { readonly atATime?: number }): void {
  const first = sent + 1;
  sent += count;
  driveRequests(program, { first, count, giveUpMs: Number(giveUpMs), ...waves }, (some) => {
    settled += some;
    answer({ sent, settled });
  });
}

const commands: Record<string, (argument: number) => void> = {
  run: (count) => send(count, {}),
  burst: (count) => send(count, { atATime: count }),
  gauges: () => readGauges((gauges) => answer({ ...gauges, unsettled: sent - settled })),
  stop: () => {
    Promise.resolve(program.stop?.()).then(
      () => setTimeout(answer, 50, { stopped: true }),
      (error: unknown) => answer({ error: String(error) }),
    );
  },
};

function answer(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

await program.start?.();
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const [name = "", argument = "0"] = line.split(" ");
    commands[name]?.(Number(argument));
  })
  .on("close", () => process.exit());
answer({ ready: true });
