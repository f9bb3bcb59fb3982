import type { Config } from "../lib/config/Config.ts";
import { loadConfig } from "../lib/config/loadConfig.ts";
import { CommandFailed } from "../lib/operator/CommandFailed.ts";
import type { Target } from "../lib/operator/gateway/address.ts";
import type { Gateway } from "../lib/operator/gateway/connect.ts";
import { reasonOf } from "../lib/operator/gateway/reasonOf.ts";
import { scanHooks } from "../lib/operator/listHooks.ts";
import { listSessionRows } from "../lib/operator/listSessions.ts";
import type { Terminal } from "./Terminal.ts";

/** What names a command may be given, where the config has them, and whether anything is stored of one. */
const KINDS = {
  platform: {
    named: ({ platforms }: Config) => platforms,
    isStored: async ({ services }: Gateway, platform: string) => {
      let cursor: string | undefined;
      do {
        const { rows, unread, next } = await listSessionRows(services, { platform, all: true, limit: 1, cursor });
        if (rows.length + unread.length > 0) return true;
        cursor = next;
      } while (cursor !== undefined);
      return false;
    },
  },
  provider: {
    named: ({ memory }: Config) => memory,
    isStored: async ({ services }: Gateway, provider: string) => {
      for await (const { hooks, unread } of scanHooks(services, { provider }, { page: 1 })) {
        if (hooks.length + unread.length > 0) return true;
      }
      return false;
    },
  },
};

type Kind = keyof typeof KINDS;

/**
 * For a command that has found nothing by a filter: whether there is what that names at all, in the config or, of one that was
 * taken out of it, in the table. Where the config can't be read, as on another machine than the team's, it only says so.
 *
 * @throws CommandFailed when there is none, with the names that the config has
 */
export async function refuseUnknown(
  terminal: Pick<Terminal, "env" | "warn">,
  target: Target,
  gateway: Gateway,
  filter: Readonly<Partial<Record<Kind, string | undefined>>>,
): Promise<void> {
  for (const kind of ["platform", "provider"] as const) {
    const given = filter[kind];
    if (given !== undefined) await refuseName(terminal, target, gateway, kind, given);
  }
}

async function refuseName(
  terminal: Pick<Terminal, "env" | "warn">,
  target: Target,
  gateway: Gateway,
  kind: Kind,
  given: string,
): Promise<void> {
  let names: readonly string[] | undefined;
  let reason: string | undefined;
  try {
    names = Object.keys(KINDS[kind].named(await loadConfig(gateway.address.configPath)));
  } catch (error) {
    reason = reasonOf(error, terminal.env, target);
    if (reason === undefined) throw error;
  }
  if (names?.includes(given) || (await KINDS[kind].isStored(gateway, given))) return;
  if (names) throw new CommandFailed(`no ${kind} "${given}": the config has ${names.join(", ") || "none"}`);
  terminal.warn(`vesper: whether there is a ${kind} "${given}" is not known: ${reason}`);
}
