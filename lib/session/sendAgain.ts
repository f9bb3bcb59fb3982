import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { UnknownPlatform } from "../platforms/UnknownPlatform.ts";
import { turnItem } from "../runtime/keys.ts";
import { parseVersioned } from "../runtime/parseVersioned.ts";
import type { Services } from "../runtime/Services.ts";
import type { Attempt } from "../runtime/workQueue.ts";
import { failedReplySchema } from "../transcript/FailedReply.ts";
import type { ResendJob } from "./ResendJob.ts";
import { sendPieces } from "./sendPieces.ts";
import type { TurnOutcome } from "./takeTurn.ts";

/**
 * Sends the missing pieces of a failed reply, as an operator wishes. A job about a failure that has come to an end
 * meanwhile (it arrived, failed anew, was discarded, or is deleted) does nothing, so that two of them never double it.
 */
export async function sendAgain(
  services: Services,
  { resend: { session, turn: sk, failedAt } }: ResendJob,
  attempt: Attempt,
): Promise<TurnOutcome> {
  const { table, config } = services;
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: turnItem(session, sk), ConsistentRead: true }),
  );
  if (Item?.state === undefined) return { outcome: "duplicate" };
  const turn = parseVersioned(failedReplySchema, Item);
  const { conversation, undelivered, waitUntil = 0 } = turn;
  if (undelivered.at !== failedAt) return { outcome: "duplicate" };
  const platform = services.platform(undelivered.platform);
  if (!platform) throw new UnknownPlatform(undelivered.platform, Object.keys(config.platforms));
  const { platform: name, replyTo } = undelivered;
  return sendPieces(services, attempt, { name, platform, replyTo, conversation, session, turn }, waitUntil);
}
