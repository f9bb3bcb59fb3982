import type { Platform } from "../adapter/Platform.ts";
import type { UndeliveredJob } from "../domain/InboundJob.ts";
import type { Turn } from "../domain/Turn.ts";
import type { Services } from "../services/Services.ts";
import { stateKey } from "../store/dueIndex.ts";
import { turnItem } from "../store/keys.ts";
import { loadTurns } from "../store/turns.ts";
import { changesOf, conditionHeld, updateItem } from "../store/updateItem.ts";
import { missingPieces, pieceKey } from "./missingPieces.ts";
import { platformNamed } from "./platformNamed.ts";
import type { TurnOutcome } from "./takeTurn.ts";

/**
 * Notes on its turn that a piece which the platform had taken was not delivered: the reply is a failed one from now on,
 * for an operator. The turn's words stay as they are, whether its session is live or sealed: what the agent went on from
 * does not change behind its back. News of a turn that is no more, or that were taken before, change nothing.
 */
export async function noteUndelivered(
  services: Services,
  { platform: name, undelivered: news }: UndeliveredJob,
): Promise<TurnOutcome> {
  const { table, clock, metrics, log } = services;
  const { session, kind, id, replyTo } = news;
  const found = find(platformNamed(services, name), await loadTurns(table, session), session, news.key);
  const facts = { session, platform: name, kind };
  const count = (metric: string) => metrics.put(metric, 1, "Count", { Platform: name });
  if (!found) {
    log.info("delivery.unknown", facts);
    return { outcome: "ignored" };
  }
  const { turn, index } = found;
  const { undelivered, lostIds = [] } = turn;
  if (lostIds.includes(id)) return { outcome: "duplicate" };
  log.warn("delivery.failed", facts);
  count("ReplyFailed");
  const known = undelivered && undelivered.arrivedAt === undefined ? undelivered.pieces : [];
  // Nobody wants it any more; or it can't be told from the rest of the reply, of which an earlier failure has taken a part.
  if (undelivered?.discarded || known.some(({ text }) => text !== undefined)) return { outcome: "ignored" };
  const pieces = [...known.filter((piece) => piece.index !== index), { index }].toSorted((a, b) => a.index - b.index);
  const {
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    ...update
  } = changesOf({
    undelivered: { kind, at: clock.now(), platform: name, replyTo, pieces },
    lostIds: [...lostIds, id],
    state: stateKey("UNSENT", session),
    // To be sent again, they count as not yet sent.
    ...{ sent: pieces[0]?.index ?? index, refused: undefined, tries: undefined, waits: undefined },
  });
  const isNoted = await conditionHeld(
    updateItem(table, {
      Key: turnItem(session, turn.sk),
      ...update,
      // As it was read; and a user who is forgotten stays so.
      ConditionExpression: undelivered
        ? "attribute_exists(pk) AND attribute_not_exists(erasedAt) AND attribute_not_exists(undelivered.discarded) AND undelivered.#at = :readAt"
        : "attribute_exists(pk) AND attribute_not_exists(erasedAt) AND attribute_not_exists(undelivered)",
      ExpressionAttributeNames: undelivered ? { ...names, "#at": "at" } : names,
      ExpressionAttributeValues: undelivered ? { ...values, ":readAt": undelivered.at } : values,
    }),
  );
  if (!isNoted) return { outcome: "later", at: clock.now() };
  // To send again what is refused or gone helps nobody: that rings no alarm.
  if (kind !== "gone" && kind !== "invalid") count("ReplyUnsent");
  return { outcome: "done" };
}

/** The turn and the place of the piece with a key. Of a turn that was erased there is none. */
function find(
  platform: Platform,
  turns: readonly Turn[],
  session: string,
  key: string,
): { readonly turn: Turn; readonly index: number } | undefined {
  for (const turn of turns) {
    const { undelivered: _, ...asMade } = turn;
    const piece = missingPieces(platform, asMade).find(({ index }) => pieceKey(session, turn.sk, index) === key);
    if (piece) return { turn, index: piece.index };
  }
  return undefined;
}
