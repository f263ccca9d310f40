/** A completion script, from the command line itself, so that it never falls behind. */
import type { Command } from "commander";
import type { Shell } from "../commands/completion.ts";
import { renderBashCompletion } from "./bash-completion.ts";
import { outlineProgram } from "./command-outline.ts";
import { renderFishCompletion } from "./fish-completion.ts";
import { renderZshCompletion } from "./zsh-completion.ts";

const RENDERERS = {
  bash: renderBashCompletion,
  zsh: renderZshCompletion,
  fish: renderFishCompletion,
} as const;

/** The script for one shell. */
export function renderCompletion(shell: Shell, program: Command): string {
  return RENDERERS[shell](outlineProgram(program));
}
