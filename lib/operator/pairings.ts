import type { Config } from "../config/Config.ts";
import type { Services } from "../services/Services.ts";
import { listPairings, type Pairing, setApproved } from "../store/pairings.ts";
import { recordAudit } from "./audit.ts";
import { CommandFailed } from "./CommandFailed.ts";
import { isoTime } from "./views.ts";

/** Somebody who has asked to talk, as programs read it. A contract: keys are added, never changed. */
export interface PairingView {
  readonly platform: string;
  readonly user: string;
  readonly name: string | null;
  readonly code: string;
  readonly askedAt: string | null;
  /** Null: not let in. */
  readonly approvedAt: string | null;
}

/** Everybody who has asked, on any platform of the config; who waits first, of those the newest. */
export async function findPairings(
  { table }: Pick<Services, "table">,
  { platforms }: Pick<Config, "platforms">,
): Promise<readonly PairingView[]> {
  const found = await Promise.all(
    Object.keys(platforms).map(async (name) => (await listPairings(table, name)).map((one) => view(name, one))),
  );
  return found.flat().sort((a, b) => rank(a) - rank(b) || ((a.askedAt ?? "") < (b.askedAt ?? "") ? 1 : -1));
}

/**
 * Lets somebody in, or no more, and writes into the audit log who did.
 *
 * @param which the code that they were told, or the platform's id of them
 * @throws CommandFailed when nobody, or more than one, is meant
 */
export async function decidePairing(
  services: Pick<Services, "table" | "clock" | "newId">,
  config: Pick<Config, "platforms">,
  which: string,
  verb: "approve" | "revoke",
  who: string,
): Promise<PairingView> {
  const found = (await findPairings(services, config)).filter(
    ({ code, user }) => code === which.trim().toUpperCase() || user === which.trim(),
  );
  const [meant] = found;
  if (!meant) throw new CommandFailed(`nobody has asked with "${which}": npx vesper pair ls shows who has`);
  if (found.length > 1) throw new CommandFailed(`"${which}" is a user of ${found.length} platforms: give the code`);
  await recordAudit(services, { who, action: `pair ${verb}`, target: `platform:${meant.platform} code:${meant.code}` });
  const now = services.clock.now();
  const isApproved = verb === "approve";
  // It may have been forgotten since it was found.
  if (!(await setApproved(services.table, meant.platform, meant.user, isApproved, now))) {
    throw new CommandFailed(`"${which}" is known no more: they must write to the bot again, and get another code`);
  }
  return { ...meant, approvedAt: isApproved ? isoTime(now) : null };
}

function rank({ approvedAt }: PairingView): number {
  return approvedAt === null ? 0 : 1;
}

function view(platform: string, { user, code, askedAt, approvedAt }: Pairing): PairingView {
  return {
    ...{ platform, user: user.id, name: user.name ?? null, code, askedAt: isoTime(askedAt) },
    approvedAt: approvedAt === undefined ? null : isoTime(approvedAt),
  };
}
