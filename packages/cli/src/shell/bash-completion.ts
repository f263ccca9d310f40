/** The completion script for bash 3.2 and later, with or without the bash-completion package. */
import type { CommandOutline, OptionOutline } from "./command-outline.ts";

/** Completes commands, options, values of options, and file names. */
export function renderBashCompletion(commands: readonly CommandOutline[]): string {
  return `# bash completion for watertight
_watertight() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  COMPREPLY=()
  case "$command" in
    "") words="${commands.map(({ name }) => name).join(" ")} --help --version" ;;
${commands.map(commandCase).join("\n")}
  esac
  if [[ -z "$command" || "$current" == -* || -n "$words" ]]; then
    while IFS='' read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$current")
  fi
}
complete -o default -F _watertight watertight
`;
}

function commandCase(command: CommandOutline): string {
  const flags = command.options.flatMap((option) => option.flags);
  const rest = command.choices.length === 0 ? "" : command.choices.join(" ");
  return `    ${command.name})
      case "$previous" in
${command.options
  .filter(({ takesValue }) => takesValue)
  .map(valueCase)
  .join("\n")}
        *) if [[ "$current" == -* ]]; then words="${flags.join(" ")}"; else words="${rest}"; fi ;;
      esac ;;`;
}

/** After an option with a value: its choices, or nothing, so that bash completes a file name. */
function valueCase(option: OptionOutline): string {
  return `        ${option.flags.join("|")}) words="${option.choices.join(" ")}" ;;`;
}
