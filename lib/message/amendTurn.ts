import { MAX_TEXT_BYTES } from "../adapter/text/truncate.ts";
import { type Attachment, MOST_ATTACHMENTS } from "../domain/Attachment.ts";
import type { Turn } from "../domain/Turn.ts";
import type { Services } from "../services/Services.ts";
import { readConversation, updateWhileLive } from "../store/conversations.ts";
import { hasJoined, noteJoined } from "../store/joinedPictures.ts";
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
    if (turn.erasedAt !== undefined || (turn.editedAt ?? 0) > sentAt) return { outcome: "done" };
    // What further pictures of an album have added stays.
    const added = turn.ownLength === undefined ? "" : (turn.text ?? "").slice(turn.ownLength);
    const joined = turn.ownLength === 0 ? `${text}\n${added}` : `${text}${added}`;
    const fits = Buffer.byteLength(joined) <= MAX_TEXT_BYTES;
    const changes = {
      text: fits ? joined : text,
      ownLength: added !== "" && fits ? text.length : undefined,
      editedAt: sentAt,
    };
    const isAsRead = `(attribute_not_exists(editedAt) OR editedAt <= :editedAt) AND (${AS_MANY})`;
    const done = await amend(services, conversation, read.session, turn, changes, isAsRead, countOf(turn));
    return done === "refused" ? { outcome: "later", at: clock.now() } : { outcome: "done" };
  }
  // It may be the turn that is being made.
  const isStored = turns.some(({ sk }) => sk === read?.lease.turn);
  if (read && !isStored && read.lease.until > clock.now()) return { outcome: "later", at: read.lease.until };
  services.log.info("edit.late", { platform: job.platform });
  return { outcome: "done" };
}

/**
 * Adds what came with a message to the turn of the same album. Answers undefined when there is none in the session, and
 * the message has joined none before; such a message makes a turn of its own.
 *
 * @param session the live one, where there is any
 * @param turns the session's, as they were read
 */
export async function joinAlbum(
  services: Services,
  { conversation, job, turn: own }: Claimant,
  session: string | undefined,
  turns: readonly Turn[],
): Promise<TurnOutcome | undefined> {
  const { album, user, text, attachments = [] } = job.message;
  if (album === undefined) return undefined;
  const turn = turns.find((one) => one.album === album && one.user?.id === user?.id);
  if (session === undefined || !turn) {
    return (await hasJoined(services.table, conversation, own)) ? { outcome: "duplicate" } : undefined;
  }
  if (turn.sk === own) return undefined;
  const before = turn.attachments ?? [];
  const added = attachments.filter((one) => !before.some((known) => isSame(known, one)));
  // A redelivery, or a further picture of what its user wants to be forgotten.
  if (added.length === 0 || turn.erasedAt !== undefined) {
    await noteJoined(services.table, conversation, own, services.clock.now());
    return { outcome: "duplicate" };
  }
  const { text: known = "", ownLength = known.length } = turn;
  const joined = [known, text].filter(Boolean).join("\n");
  // The turn must fit its item, whatever a platform calls an album.
  const fits = Buffer.byteLength(joined) <= MAX_TEXT_BYTES;
  const changes = {
    text: fits ? joined : known,
    ownLength: fits && joined.length > ownLength ? ownLength : turn.ownLength,
    attachments: [...before, ...added].slice(0, MOST_ATTACHMENTS),
  };
  const done = await amend(services, conversation, session, turn, changes, AS_MANY, countOf(turn));
  if (done === "refused") return { outcome: "later", at: services.clock.now() };
  // Of a session that has just ended: it makes a turn of its own.
  if (done === "ended") return undefined;
  await noteJoined(services.table, conversation, own, services.clock.now());
  return { outcome: "done" };
}

/** No further picture has joined the turn since it was read. */
const AS_MANY = "attribute_not_exists(attachments) OR size(attachments) = :count";

function countOf({ attachments = [] }: Turn) {
  return { ":count": attachments.length };
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
