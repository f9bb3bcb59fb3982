import { Option } from "commander";

/** `--json` of every command. */
export function jsonOption(): Option {
  return new Option("--json", "print JSON");
}
