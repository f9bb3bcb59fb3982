import type { Config } from "../../config/Config.ts";
import { openPlatforms } from "../../config/configWarnings.ts";
import { type Finding, failed } from "./Finding.ts";

/** Whether it is said of each platform that anybody can write on who may talk there. */
export function checkAccess(config: Pick<Config, "platforms" | "access">): readonly Finding[] {
  return openPlatforms(config).map((name) =>
    failed(
      `${name} access`,
      "ANYBODY who finds the bot can talk to the agent, at your cost: set " +
        `access.${name}.others to "pair", "refuse" or, where that is meant, "answer"`,
    ),
  );
}
