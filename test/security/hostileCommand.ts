import fc from "fast-check";
import { hostileText } from "./hostileText.ts";

/** The words that an option takes where it takes no others. */
const CHECKED: Readonly<Record<string, readonly string[]>> = {
  "--limit": ["1", "5", "1000"],
  "--wait": ["0ms", "1ms", "2s"],
  "--url": ["http://127.0.0.1:9/x", "https://example.com/webhooks/"],
  "--chat-type": ["dm", "group", "thread"],
  "--origin": ["chat", "scheduled"],
  "--role": ["user", "assistant"],
};

/** What stands alone. */
const FLAGS = ["--json", "--yes", "--dry-run"];

/** Each command: its arguments, with those that it can go without in brackets, and its options. */
const COMMANDS: Readonly<Record<string, string>> = {
  "sessions ls": "--status:open,ended --platform --limit --json",
  "sessions show": "session --json",
  "sessions end": "session --json",
  "hooks ls": "--status:pending,delivered,skipped,dead --provider --limit --json",
  "hooks show": "session [provider] --json",
  "hooks redrive": "session [provider] --yes --dry-run --json",
  "secrets check": "--json",
  "webhooks set": "--platform --url --json",
  say: "text --conversation --user --chat-type --origin --role --wait --json",
  doctor: "--wait --url --json",
};

/** Every command, such as `sessions ls`. */
export const commandNames: readonly string[] = Object.keys(COMMANDS);

/**
 * A command with arguments and options of its own: hostile ones where any text is taken, and now and then where none is.
 *
 * @param session the id of one that there is
 */
export function hostileCommand(session: string): fc.Arbitrary<{ readonly name: string; readonly args: string[] }> {
  const argument: fc.Arbitrary<string> = fc.oneof(
    { weight: 3, arbitrary: hostileText },
    { weight: 1, arbitrary: fc.constantFrom(session, "good", "bad", "http") },
  );
  const option = (given: string): fc.Arbitrary<string[]> => {
    const [name = "", words] = given.split(":");
    if (FLAGS.includes(name)) return fc.constant([name]);
    const allowed = words?.split(",") ?? CHECKED[name];
    const value = allowed
      ? fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...allowed) }, { weight: 1, arbitrary: hostileText })
      : argument;
    return value.map((text) => [name, text]);
  };
  const maybe = (parts: fc.Arbitrary<string[]>) => fc.oneof(parts, fc.constant<string[]>([]));
  return fc.constantFrom(...commandNames).chain((name) => {
    const takes = COMMANDS[name]?.split(" ") ?? [];
    const options = takes.filter((part) => part.startsWith("-")).map((part) => maybe(option(part)));
    const positionals = takes
      .filter((part) => !part.startsWith("-"))
      .map((part) => (part.startsWith("[") ? maybe(argument.map((text) => [text])) : argument.map((text) => [text])));
    return fc.tuple(fc.tuple(...options), fc.tuple(...positionals)).map(([chosen, given]) => ({
      name,
      args: [...name.split(" "), ...chosen.flat(), "--", ...given.flat()],
    }));
  });
}
