import { VesperError } from "../runtime/VesperError.ts";

/** The config is wrong: every problem with its path, what was given and what is allowed. */
export class ConfigError extends VesperError {
  override readonly name = "ConfigError";
  readonly retry = false;
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the config is wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}
