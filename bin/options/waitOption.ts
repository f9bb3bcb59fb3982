import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../lib/config/duration.ts";

/** `--wait`, in milliseconds. */
export function waitOption(): Option {
  return new Option("--wait <duration>", "how long to wait for the reply").default(10_000, "10s").argParser((given) => {
    const duration = parseDuration(given);
    if (duration !== undefined) return duration;
    throw new InvalidArgumentError('Give a duration such as "500ms", "10s" or "2m".');
  });
}
