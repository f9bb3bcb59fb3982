import { formatDuration } from "../adapter/duration.ts";
import type { SessionPolicy } from "../domain/SessionPolicy.ts";
import type { Config } from "./Config.ts";

/** How long a turn's lease holds a session at the most, milliseconds: the message function's minute, and its clock. */
const LEASE = 62_000;

/** What is allowed but surprises: one text a problem, with its path. For whoever starts or deploys a gateway. */
export function configWarnings({ sessions }: Config): readonly string[] {
  const { policy, byPlatform, byChatType } = sessions;
  return [
    ...shortLimits("sessions.default", policy),
    ...Object.entries(byPlatform).flatMap(([name, one]) => shortLimits(`sessions.byPlatform.${name}`, one)),
    ...Object.entries(byChatType).flatMap(([type, one]) => shortLimits(`sessions.byChatType.${type}`, one)),
  ];
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
