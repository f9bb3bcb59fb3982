import { formatDuration } from "../adapter/duration.ts";
import type { SessionPolicy } from "../domain/SessionPolicy.ts";
import type { Config } from "./Config.ts";

/** How long a turn's lease holds a session at the most, milliseconds: the message function's minute, and its clock. */
const LEASE = 62_000;

/** What is allowed but surprises: one text a problem, with its path. For whoever starts or deploys a gateway. */
export function configWarnings({ sessions, ...config }: Config): readonly string[] {
  const { policy, byPlatform, byChatType } = sessions;
  return [
    ...openPlatforms(config).map(
      (name) =>
        `access.${name}: not set, so that ANYBODY who finds the bot can talk to the agent, at your cost. Say who may: ` +
        `access: { ${name}: { others: "pair" } } lets in whom you approve with npx vesper pair, and "answer" everybody`,
    ),
    ...shortLimits("sessions.default", policy),
    ...Object.entries(byPlatform).flatMap(([name, one]) => shortLimits(`sessions.byPlatform.${name}`, one)),
    ...Object.entries(byChatType).flatMap(([type, one]) => shortLimits(`sessions.byChatType.${type}`, one)),
  ];
}

/** The platforms on which everybody is answered who finds the bot. */
export function openPlatforms({ platforms, access }: Pick<Config, "platforms" | "access">): readonly string[] {
  return Object.entries(platforms).flatMap(([name, { isPublic }]) =>
    isPublic && !Object.hasOwn(access, name) ? name : [],
  );
}

function shortLimits(path: string, policy: SessionPolicy): readonly string[] {
  return (["idle", "maxAge"] as const).flatMap((name) => {
    const limit = policy[name];
    if (limit === undefined || limit >= LEASE) return [];
    const [given, least] = [formatDuration(limit), formatDuration(LEASE)];
    return [
      `${path}.${name}: ${given} is less than the ${least} that a session lives after each message, as a turn might ` +
        `still run: only the next message ends it sooner. Give ${least} or more`,
    ];
  });
}
