/** `npm run ready`: everything that must hold before a change lands. */
import { join } from "node:path";
import { listRooms, projectRoot } from "../e2e/house/source-tree.ts";
import { runStep, type StepOutcome } from "./run-step.ts";

const steps: readonly (readonly [title: string, command: readonly string[]])[] = [
  ["types and build", ["npx", "tsc", "-b"]],
  ["lint", ["npx", "oxlint", "--type-aware", "--deny-warnings"]],
  ["format", ["npx", "oxfmt", "--check"]],
  ["unused code", ["npx", "knip"]],
  ...listRooms().map(
    (room) =>
      [`publishable: ${room}`, ["npx", "publint", "--strict", join(projectRoot, room)]] as const,
  ),
  ["tests", ["npm", "test"]],
];

const outcomes: StepOutcome[] = [];
for (const [title, command] of steps) {
  outcomes.push(await runStep(title, command, { folder: projectRoot }));
}

console.log("\nready?");
for (const outcome of outcomes) {
  console.log(
    `  ${outcome.ok ? "yes" : "NO "}  ${outcome.title} (${outcome.seconds.toFixed(1)} s)`,
  );
}
process.exitCode = outcomes.every((outcome) => outcome.ok) ? 0 : 1;
