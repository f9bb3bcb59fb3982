import { Argument, type Command } from "commander";
import { DLQ_FIELDS, HOOK_FIELDS, REPLY_FIELDS, SESSION_FIELDS } from "../../lib/operator/filter/parseFilter.ts";
import type { Terminal } from "../Terminal.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** `vesper completion`: a script that completes commands, options and the fields of filters. */
export function completion(parent: Command, terminal: Terminal): void {
  parent
    .command("completion")
    .description('print a completion script: eval "$(vesper completion bash)"; vesper completion fish | source')
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .action((shell: (typeof SHELLS)[number]) => {
      const words = wordsOf(parent);
      terminal.write(
        shell === "fish"
          ? fish(words)
          : shell === "zsh"
            ? `autoload -U +X bashcompinit && bashcompinit\n${bash(words)}`
            : bash(words),
      );
    });
}

/** The fields of filters, by noun; elsewhere those of sessions. */
const FIELDS = new Map([
  ["hooks", HOOK_FIELDS],
  ["replies", REPLY_FIELDS],
  ["inbound", DLQ_FIELDS],
]);

/** What may come next, by the words before. */
function wordsOf(command: Command, path: readonly string[] = []): ReadonlyMap<string, readonly string[]> {
  const options = command.options.flatMap(({ long }) => long ?? []);
  const takesFilter = command.registeredArguments.some((argument) => argument.variadic);
  const fields = takesFilter ? (FIELDS.get(path[0] ?? "") ?? SESSION_FIELDS).map((field) => `${field}:`) : [];
  const found = new Map<string, readonly string[]>([
    [path.join(" "), [...command.commands.map((one) => one.name()), ...fields, ...options]],
  ]);
  for (const one of command.commands)
    for (const [key, words] of wordsOf(one, [...path, one.name()])) found.set(key, words);
  return found;
}

function bash(words: ReadonlyMap<string, readonly string[]>): string {
  const cases = [...words].map(([path, next]) => `    "${path}") words="${next.join(" ")}" ;;`);
  return `_vesper() {
  local path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*|*:*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  while :; do
    case "$path" in
${cases.join("\n")}
    esac
    [[ -n "$words" || -z "$path" ]] && break
    [[ "$path" == *" "* ]] && path="\${path% *}" || path=""
  done
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [[ "\${COMPREPLY[0]}" == *: ]] && compopt -o nospace 2>/dev/null
}
complete -F _vesper vesper`;
}

function fish(words: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...words].map(([path, next]) => {
    const seen =
      path === ""
        ? "__fish_use_subcommand"
        : path
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ");
    return `complete -c vesper -f -n "${seen}" -a "${next.join(" ")}"`;
  });
  return lines.join("\n");
}
