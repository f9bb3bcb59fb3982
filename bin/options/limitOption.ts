import { InvalidArgumentError, Option } from "commander";

/** More than a person reads, and a list of sessions asks for each one's hooks. */
const MOST = 1_000;

/** `--limit` of the lists. */
export function limitOption(): Option {
  return new Option("--limit <n>", `how many at the most, 1 to ${MOST}`).default(20).argParser((given) => {
    const limit = Number(given);
    if (/^\d+$/.test(given) && limit >= 1 && limit <= MOST) return limit;
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST}.`);
  });
}
