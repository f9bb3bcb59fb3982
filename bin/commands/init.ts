import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { createProject } from "../init/createProject.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper init`: a team's own project around the package, so that nobody edits a file of ours. */
export function init(parent: Command, terminal: Terminal): void {
  parent
    .command("init")
    .description("make a project of your own in a new or empty folder: config, CDK app, a first test")
    .argument("<folder>", "where")
    .option(
      "--package <version>",
      "which vesper it uses: a version, or the path of a packed one (default: this one's version)",
    )
    .action((given: string, options: { readonly package?: string }) => {
      const folder = resolve(given);
      const wanted = options.package ?? packageJson.version;
      const vesper = existsSync(wanted) ? resolve(wanted) : wanted;
      const files = createProject({ folder, vesper });
      const way = relative(process.cwd(), folder);
      terminal.write(
        [
          `Made ${folder} with ${files.join(", ")}`,
          "Next:",
          ...(way === "" ? [] : [`  cd ${way}`]),
          "  npm install",
          "  npm start                     the gateway on this machine, with its page",
          '  npx vesper say "hello"        in another terminal',
          "  npm test",
          "Then edit vesper.config.ts. npm run deploy brings it to AWS: docs/deploy.md says what that needs.",
        ].join("\n"),
      );
    });
}
