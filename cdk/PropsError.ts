import { VesperError } from "../lib/domain/VesperError.ts";

/** Props of a construct are wrong: every problem with the range and the value that was given. */
export class PropsError extends VesperError {
  override readonly name = "PropsError";
  readonly retry = false;
  readonly problems: readonly string[];

  constructor(path: string, problems: readonly string[]) {
    super(`the props of ${path} are wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}
