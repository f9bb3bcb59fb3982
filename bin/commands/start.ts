import type { Command } from "commander";

/** `vesper start`: what `npm start` runs. It is a program of its own, which ends by signals. */
export function start(parent: Command): void {
  parent
    .command("start")
    .description(
      "run the gateway on this machine until Ctrl-C; VESPER_PORT (8787), VESPER_CONSOLE_PORT (8788), VESPER_DATA (.vesper), VESPER_CONFIG (vesper.config.ts), VESPER_SIMULATE (1: simulate also platforms whose secrets are there)",
    )
    .action(async () => {
      await import("../../local/start.ts");
    });
}
