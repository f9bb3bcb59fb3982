import { InvalidArgumentError, Option } from "commander";

/** `--url`, without a slash at its end. */
export function urlOption(): Option {
  return new Option(
    "--url <base>",
    "where platforms reach the webhooks, such as https://example.com/webhooks; they append /<platform> (default: the stack's own address)",
  ).argParser((given) => {
    if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given.replace(/\/+$/, "");
    throw new InvalidArgumentError('Give an address such as "https://example.com/webhooks".');
  });
}
