import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../lib/adapter/duration.ts";

/** `--wait`, in milliseconds. `unless` is the default, such as "10s". */
export function waitOption(description: string, unless: string): Option {
  return new Option("--wait <duration>", description).default(parseDuration(unless), unless).argParser((given) => {
    const duration = parseDuration(given);
    if (duration !== undefined) return duration;
    throw new InvalidArgumentError('Give a duration such as "500ms", "10s" or "2m".');
  });
}
