import { MAX_TEXT_BYTES } from "../adapter/text/truncate.ts";
import { type Attachment, MOST_ATTACHMENTS } from "../domain/Attachment.ts";
import type { Turn } from "../domain/Turn.ts";
import type { Services } from "../services/Services.ts";
import { readConversation, updateWhileLive } from "../store/conversations.ts";
import { turnItem } from "../store/keys.ts";
import { loadTurns } from "../store/turns.ts";
import { changesOf } from "../store/updateItem.ts";
import type { Claimant } from "./claim.ts";
import type { TurnOutcome } from "./takeTurn.ts";

/**
 * Corrects the turn of an edited message, for the transcript; the agent is not asked again. Only within the live session:
 * what is sealed never changes. Of two edits the later one stays.
 */
export async function correctTurn(services: Services, { conversation, job }: Claimant): Promise<TurnOutcome> {
  const { table, clock } = services;
  const { edits, text, user, sentAt = job.receivedAt } = job.message;
  const read = await readConversation(table, conversation);
  const turns = read ? await loadTurns(table, read.session) : [];
  const turn = turns.find(({ ref, kind, user: author }) => ref === edits && kind === "turn" && author?.id === user?.id);
  if (read && turn) {
    const isNewer = "attribute_not_exists(editedAt) OR editedAt <= :editedAt";
    await amend(services, conversation, read.session, turn, { text, editedAt: sentAt }, isNewer);
    return { outcome: "done" };
  }
  // It may be the turn that is being made.
  const isStored = turns.some(({ sk }) => sk === read?.lease.turn);
  if (read && !isStored && read.lease.until > clock.now()) return { outcome: "later", at: read.lease.until };
  services.log.info("edit.late", { platform: job.platform });
  return { outcome: "done" };
}

/**
 * Adds what came with a message to the turn of the same album. Answers undefined when there is none in the session; such
 * a message makes a turn of its own.
 *
 * @param turns the session's, as they were read
 */
export async function joinAlbum(
  services: Services,
  { conversation, job, turn: own }: Claimant,
  session: string,
  turns: readonly Turn[],
): Promise<TurnOutcome | undefined> {
  const { album, user, text, attachments = [] } = job.message;
  const turn = turns.find((one) => album !== undefined && one.album === album && one.user?.id === user?.id);
  if (!turn || turn.sk === own) return undefined;
  const before = turn.attachments ?? [];
  const added = attachments.filter((one) => !before.some((known) => isSame(known, one)));
  // A redelivery.
  if (added.length === 0) return { outcome: "duplicate" };
  const joined = [turn.text ?? "", text].filter(Boolean).join("\n");
  // The turn must fit its item, whatever a platform calls an album.
  const words = Buffer.byteLength(joined) > MAX_TEXT_BYTES ? turn.text : joined;
  const isAsRead = "size(attachments) = :count";
  const changes = { text: words, attachments: [...before, ...added].slice(0, MOST_ATTACHMENTS) };
  const done = await amend(services, conversation, session, turn, changes, isAsRead, { ":count": before.length });
  return done === "refused" ? { outcome: "later", at: services.clock.now() } : { outcome: "done" };
}

function isSame(one: Attachment, other: Attachment): boolean {
  return one.handle === other.handle && one.kind === other.kind;
}

function amend(
  { table }: Services,
  conversation: string,
  session: string,
  { sk }: Turn,
  changes: Readonly<Record<string, unknown>>,
  condition: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<"done" | "refused" | "ended"> {
  const { ExpressionAttributeValues, ...update } = changesOf(changes);
  return updateWhileLive(table, conversation, session, {
    Key: turnItem(session, sk),
    ...update,
    // A user who is forgotten stays so.
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(erasedAt) AND (${condition})`,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ...values },
  });
}
