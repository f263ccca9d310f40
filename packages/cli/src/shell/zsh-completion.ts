/** The completion script for zsh. */
import type { CommandOutline, OptionOutline } from "./command-outline.ts";

/** Completes commands with their summaries, options with their descriptions, and file names. */
export function renderZshCompletion(commands: readonly CommandOutline[]): string {
  const listed = commands.map(
    ({ name, summary }) => `    ${quote(`${name}:${escapeColons(summary)}`)}`,
  );
  return `#compdef watertight
_watertight() {
  local -a commands
  commands=(
${listed.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _arguments '(- *)--help[print help]' '(- *)--version[print the version]'
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${commands.map(commandCase).join("\n")}
  esac
}
if [[ "\${funcstack[1]}" == _watertight ]]; then _watertight "$@"; else compdef _watertight watertight; fi
`;
}

function commandCase(command: CommandOutline): string {
  const rest =
    command.choices.length === 0
      ? "'*:target:_files'"
      : quote(`1:value:(${command.choices.join(" ")})`);
  const specs = [...command.options.flatMap(optionSpecs), rest];
  return `    ${command.name}) _arguments -s ${specs.join(" ")} ;;`;
}

function optionSpecs(option: OptionOutline): string[] {
  const values =
    option.choices.length === 0 ? "value:_files" : `value:(${option.choices.join(" ")})`;
  const text = escapeColons(option.description).replaceAll("[", "\\[").replaceAll("]", "\\]");
  return option.flags.map((flag) =>
    quote(`*${flag}[${text}]${option.takesValue ? `:${values}` : ""}`),
  );
}

function escapeColons(text: string): string {
  return text.replaceAll(":", "\\:");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
