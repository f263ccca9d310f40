/**
 * `node --import @watertight/agent/register app.js`: starts the agent before the program, set up
 * by its environment. A problem is one line on standard error, and the program runs on.
 */
import { isMainThread } from "node:worker_threads";
import { readEnvironment } from "./agent-options.ts";
import { AgentError } from "./errors.ts";
import { startAgent } from "./start-agent.ts";

if (isMainThread) {
  try {
    await startAgent(readEnvironment(process.env));
  } catch (error) {
    const [code, text] =
      error instanceof AgentError
        ? [error.code, `${error.message} ${error.remedy}`]
        : ["", String(error)];
    process.stderr.write(`watertight agent: ${text} ${code}\n`);
  }
}
