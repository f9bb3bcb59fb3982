import type { Command } from "commander";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { roughly } from "../../local/lab/roughly.ts";
import { soonestDeadline } from "../../local/lab/soonestDeadline.ts";
import { untilDeadline } from "../../local/lab/untilDeadline.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";
import { breakProvider, labOf, mendProvider, moveClock, TO_DEADLINE } from "../tryOut.ts";

/** `vesper lab`: tries out what time and failing providers do to the gateway on this machine. */
export function lab(parent: Command, terminal: Terminal): void {
  const noun = parent.command("lab").description("move the clock of the gateway on this machine; break its providers");
  const opened = () => labOf(terminal.env, parent.optsWithGlobals<Target>());

  noun
    .command("show", { isDefault: true })
    .description("how far the clock is ahead, and what is broken")
    .addOption(jsonOption())
    .action(({ json }: { readonly json?: true }) => {
      const state = opened().state();
      const broken = Object.entries(state.broken).map(([name, fault]) => `${name} is broken: ${fault}`);
      const clock =
        state.clockOffset > 0 ? `the clock is ${roughly(state.clockOffset)} ahead` : "the clock is not moved";
      terminal.write(json ? toJson(state) : [clock, ...broken].join("\n"));
    });

  noun
    .command("clock")
    .description("move the clock ahead; the sweep looks at once")
    .argument("<by>", `a duration such as +2h, or ${TO_DEADLINE}: of the live session that ends first`)
    .option("--session <id>", "the session whose deadline it is, or its id's end")
    .action(async (by: string, { session }: { readonly session?: string }) => {
      const opening = opened();
      const until = async () => {
        using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
        return untilDeadline(gateway.services, await soonestDeadline(gateway.services, session));
      };
      terminal.write(await moveClock(opening, by, until));
    });

  noun
    .command("break")
    .description("break a memory provider, from its next call on")
    .argument("<provider>", "its name in the config")
    .argument("<fault>", "down (503), slow (no answer in time), 401 or 429")
    .action((provider: string, fault: string) => terminal.write(breakProvider(opened(), provider, fault)));

  noun
    .command("mend")
    .description("mend a memory provider")
    .argument("<provider>", "its name in the config")
    .action((provider: string) => terminal.write(mendProvider(opened(), provider)));
}
