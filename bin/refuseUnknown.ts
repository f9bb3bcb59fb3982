import type { Config } from "../lib/config/Config.ts";
import { listHooks } from "../lib/operator/listHooks.ts";
import { listSessions } from "../lib/operator/listSessions.ts";
import { readConfig } from "../local/readConfig.ts";
import { CommandFailed } from "./CommandFailed.ts";
import type { Gateway } from "./connect.ts";
import { reasonOf } from "./explain.ts";
import type { Target } from "./Target.ts";
import type { Terminal } from "./Terminal.ts";

/** What names a command may be given, where the config has them, and whether anything is stored of one. */
const KINDS = {
  platform: {
    named: ({ platforms }: Config) => platforms,
    isStored: async ({ services }: Gateway, platform: string) => {
      const { sessions, unread } = await listSessions(services, { platform, limit: 1 });
      return sessions.length + unread.length > 0;
    },
  },
  provider: {
    named: ({ memory }: Config) => memory,
    isStored: async ({ services }: Gateway, provider: string) => {
      const { hooks, unread } = await listHooks(services, { provider, limit: 1 });
      return hooks.length + unread.length > 0;
    },
  },
};

/**
 * For a command that has found nothing of a name: whether there is such a name at all, in the config or, of one that was
 * taken out of it, in the table. Where the config can't be read, as on another machine than the team's, it only says so.
 *
 * @throws CommandFailed when there is none, with the names that the config has
 */
export async function refuseUnknown(
  terminal: Pick<Terminal, "env" | "warn">,
  target: Target,
  gateway: Gateway,
  kind: keyof typeof KINDS,
  given: string,
): Promise<void> {
  let names: readonly string[] | undefined;
  let reason: string | undefined;
  try {
    names = Object.keys(KINDS[kind].named(await readConfig(gateway.address.configPath)));
  } catch (error) {
    reason = reasonOf(error, terminal.env, target);
    if (reason === undefined) throw error;
  }
  if (names?.includes(given) || (await KINDS[kind].isStored(gateway, given))) return;
  if (names) throw new CommandFailed(`no ${kind} "${given}": the config has ${names.join(", ") || "none"}`);
  terminal.warn(`vesper: whether there is a ${kind} "${given}" is not known: ${reason}`);
}
