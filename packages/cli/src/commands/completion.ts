/** `watertight completion`: its help. */
import { Argument, Command } from "commander";
import { EXIT_CODES } from "../exit-code.ts";
import type { CommandContext } from "./command-context.ts";

const DESCRIPTION = `Prints a script that makes a shell complete commands, options and their values.`;

const EPILOGUE = `
Examples:
  watertight completion bash > /etc/bash_completion.d/watertight
  watertight completion zsh > "\${fpath[1]}/_watertight"
  watertight completion fish > ~/.config/fish/completions/watertight.fish
  source <(watertight completion bash)                  for this shell only`;

/** The shells that it knows. */
const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** Defines the command. */
export function defineCompletion(context: CommandContext): Command {
  const command = new Command("completion")
    .summary("print a completion script for a shell")
    .description(DESCRIPTION)
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText("after", EPILOGUE);
  return command.action(async (shell: Shell) => {
    const { renderCompletion } = await import("../shell/render-completion.ts");
    const { writeStream } = await import("../terminal/write-output.ts");
    await writeStream(
      context.surroundings.stdout,
      renderCompletion(shell, command.parent ?? command),
    );
    context.finish(EXIT_CODES.clean);
  });
}
