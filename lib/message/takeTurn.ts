import { attention } from "../config/admission.ts";
import { conversationKey } from "../config/conversationKey.ts";
import type { Conversation } from "../domain/Conversation.ts";
import { CLOCK_TOLERANCE } from "../domain/clockTolerance.ts";
import { type Turn, turnKey } from "../domain/Turn.ts";
import { isFull } from "../domain/transcript.ts";
import type { Attempt } from "../queues/workQueue.ts";
import type { Services, Table } from "../services/Services.ts";
import { readAttempts } from "../store/attempts.ts";
import { expireConversation, readConversation } from "../store/conversations.ts";
import { lookBack, type Past } from "../store/lookBack.ts";
import { deleteSession } from "../store/sessions.ts";
import { loadTurns, messageTime, putTombstone } from "../store/turns.ts";
import { correctTurn, joinAlbum } from "./amendTurn.ts";
import { awaitAttempt } from "./awaitAttempt.ts";
import { atHome } from "./chatNews.ts";
import { type Claimant, claim, type TurnJob } from "./claim.ts";
import { RESETS } from "./commands.ts";
import { type Decision, decide } from "./decide.ts";
import { makeTurn } from "./makeTurn.ts";
import { isLetIn } from "./pair.ts";
import { sendReply } from "./sendReply.ts";

/** What became of a message. */
export type TurnOutcome =
  /** Its turn is stored and its reply, if any, was sent. */
  | { readonly outcome: "done" }
  /** An earlier delivery of it has a turn already: nothing was done. */
  | { readonly outcome: "duplicate" }
  /** It is nobody's who may talk, or not meant for us: nothing was done. */
  | { readonly outcome: "ignored" }
  /** Nothing can be done before `at` (milliseconds since the epoch): back to the queue. */
  | { readonly outcome: "later"; readonly at: number };

/** How far the clocks of two invocations may lie apart. */
const CLOCK_SKEW = 2_000;

/** Lost races in a row before the message goes back to the queue; each means that another message made progress. */
const MAX_RACES = 5;

/**
 * Takes one message from the inbound queue to a stored turn and a sent reply: read, claim, recall, agent, commit, send.
 * Safe to repeat at any point, any number of times, and beside itself.
 */
export async function takeTurn(services: Services, given: TurnJob, attempt: Attempt): Promise<TurnOutcome> {
  const { config, clock, table } = services;
  // By the chat's id of now, as the webhook does.
  if (attention(config, given.message) === "ignore" || !(await isLetIn(services, given))) return { outcome: "ignored" };
  const job = await atHome(services, given);
  const conversation = conversationKey(config, job.platform, job.message);
  const at = await messageTime(table, conversation, job);
  const claimant: Claimant = {
    conversation,
    job,
    turn: turnKey(at, job.message.messageId),
    until: attempt.deadline + CLOCK_SKEW,
  };
  if (job.message.edits !== undefined) return correctTurn(services, claimant);
  // A message that was received for the first time has none: so it costs no read.
  const noted = attempt.number > 1 ? await readAttempts(table, conversation, claimant.turn) : undefined;
  for (let races = 0; races < MAX_RACES; races++) {
    const read = await readConversation(table, conversation);
    const turns = read ? await loadTurns(table, read.session) : [];
    const resets = job.message.command !== undefined && RESETS.has(job.message.command);
    const state = { leaseIsFree: isStored(turns, read?.lease.turn), isFull: isFull(turns), isEmpty: isEmpty(turns) };
    const decision = decide(read, state, { ...job, ...claimant, resets }, clock.now());
    const past = await findTurn(services, claimant, at, read, turns, decision.next);
    if (past.found) {
      const { session, turn } = past.found;
      return settle(services, job, attempt, session, turn, session === read?.session ? turns : undefined);
    }
    const joined = await joinAlbum(services, claimant, read?.session, turns);
    if (joined) return joined;
    if (decision.next === "wait") return { outcome: "later", at: decision.until };
    if (noted?.nextAt !== undefined && noted.nextAt > clock.now())
      return awaitAttempt(services, claimant, noted, turns);
    const wasClaimed = read?.lease.turn === claimant.turn || past.voided;
    if (!(await fence(services, claimant, read, decision, past))) continue;
    const claimed = await claim(services, claimant, read, decision, past.latest);
    if (!claimed) continue;
    // Nothing shows that there is still nothing: a session may have come and gone since the look back.
    if (!read && (await isInOther(services, claimant, at, claimed.session))) {
      await withdrawSession(table, conversation, claimed);
      continue;
    }
    const history = claimed.session === read?.session ? turns : [];
    // The first attempt is not counted when it begins: what it has left behind tells whether there was one.
    const killed = { begun: 1, failed: 0, firstAt: clock.now(), session: claimed.session };
    const attempts = noted ?? (attempt.number > 1 && wasClaimed ? killed : undefined);
    const made = await makeTurn(services, { ...claimant, at, claimed, history, attempt, attempts });
    if ("begun" in made) return awaitAttempt(services, claimant, made, history);
    return settle(services, job, attempt, claimed.session, made, history);
  }
  return { outcome: "later", at: clock.now() };
}

/** Whether nothing was said in a session but commands that begin one. */
function isEmpty(turns: readonly Turn[]): boolean {
  return turns.every(({ kind, command = "" }) => kind === "command" && RESETS.has(command.split(" ")[0] ?? ""));
}

/**
 * A message that starts a session may have been claimed for the one before by a function that died, and whose write of
 * the turn is still on its way: it must not arrive there any more. Answers whether that is sure; not when it has arrived.
 */
async function fence(
  { table, clock }: Services,
  { turn }: Claimant,
  read: Conversation | undefined,
  decision: Decision,
  { open }: Past,
): Promise<boolean> {
  if (decision.next !== "start") return true;
  if (read) return read.lease.turn !== turn || putTombstone(table, read.session, turn, clock.now());
  // Sealing does the same. Not all of them need have been live.
  for (const session of open) if (!(await putTombstone(table, session, turn, clock.now()))) return false;
  return true;
}

function isStored(turns: readonly Turn[], turn: string | undefined): boolean {
  return turns.some(({ sk }) => sk === turn);
}

/** Looks for a turn that this message has already: in the running session, and before it where it may lie there. */
async function findTurn(
  services: Services,
  { conversation, turn, job: { receivedAt } }: Claimant,
  at: number,
  read: Conversation | undefined,
  turns: readonly Turn[],
  next: "wait" | "continue" | "start",
): Promise<Past> {
  const found = turns.find(({ sk }) => sk === turn);
  if (read && found) return { found: { session: read.session, turn: found }, open: [], voided: false };
  // Even if the session names none before it: one may have come and gone while this one was being started.
  const older = read !== undefined && at < read.startedAt + CLOCK_TOLERANCE;
  if (next === "wait" || (next === "continue" && !older)) return { open: [], voided: false };
  return lookBack(services, conversation, { turn, at }, since(services, receivedAt));
}

async function isInOther(
  services: Services,
  { conversation, turn, job: { receivedAt } }: Claimant,
  at: number,
  own: string,
): Promise<boolean> {
  const past = await lookBack(services, conversation, { turn, at }, since(services, receivedAt), own);
  return past.found !== undefined;
}

/** From when the look goes back: a message that comes from the dead-letter queue was first taken up when it was accepted. */
function since({ clock }: Services, receivedAt: number): number {
  return Math.min(clock.now(), receivedAt);
}

/**
 * Sends what a stored turn still owes, if this message is the one that owes it.
 *
 * @param others the session's turns, of which one may have been asked to wait; read when they are not known
 */
async function settle(
  services: Services,
  job: TurnJob,
  attempt: Attempt,
  session: string,
  turn: Turn,
  others?: readonly Turn[],
): Promise<TurnOutcome> {
  if (turn.enqueueId !== job.enqueueId) return { outcome: "duplicate" };
  // Else somebody else has the message by now, and sends it.
  await attempt.extend();
  return sendReply(services, job, attempt, session, turn, others ?? (await loadTurns(services.table, session)));
}

/**
 * Takes back a session that was started for a message which turned out to have its turn elsewhere. For the holder of its
 * lease. A crash in between leaves an ended session without turns, which is sealed like any other.
 *
 * @param claimed the conversation as the claim left it
 */
export async function withdrawSession(table: Table, conversation: string, claimed: Conversation): Promise<void> {
  // The conversation first, so that no live session is ever without its row.
  if (!(await expireConversation(table, conversation, claimed))) return;
  await deleteSession(table, conversation, claimed.session);
}
