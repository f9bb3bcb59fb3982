import type { Command } from "commander";
import { init as makeProject } from "../init/init.ts";
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
    .action((folder: string, options: { readonly package?: string }) => {
      terminal.write(makeProject(folder, options.package));
    });
}
