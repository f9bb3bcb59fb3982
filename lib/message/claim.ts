import { policyFor } from "../config/policyFor.ts";
import type { Conversation } from "../domain/Conversation.ts";
import { deadline, hashFraction, nextVisit } from "../domain/deadline.ts";
import type { InboundJob } from "../domain/InboundJob.ts";
import type { Session } from "../domain/Session.ts";
import type { Services } from "../services/Services.ts";
import { writeConversation } from "../store/conversations.ts";
import { sessionItem } from "../store/keys.ts";
import { readMemoryOff } from "../store/memorySwitches.ts";
import { deleteSession, joinScheduledSession, putSession, scheduleVisit } from "../store/sessions.ts";
import type { Decision } from "./decide.ts";

/** A message, or with `speaks` what the agent says of its own accord: it goes out. */
export type TurnJob = InboundJob & { readonly speaks?: true };

/** A message on its way to become a turn. */
export interface Claimant {
  /** The conversation's key. */
  readonly conversation: string;
  readonly job: TurnJob;
  /** The turn's sort key. */
  readonly turn: string;
  /** When the turn's lease is over whatever happens, milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Takes the turn lease and extends the session past it, or starts the successor, in one conditional write on the
 * conversation as it was read. Answers the conversation as it now is; undefined when it has changed meanwhile.
 */
export async function claim(
  services: Services,
  claimant: Claimant,
  read: Conversation | undefined,
  decision: Exclude<Decision, { next: "wait" }>,
  latest: Session | undefined,
): Promise<Conversation | undefined> {
  return decision.next === "continue" && read
    ? continueSession(services, claimant, read)
    : startSession(services, claimant, read, decision.next === "start" ? decision.ends : undefined, latest);
}

async function continueSession(
  services: Services,
  claimant: Claimant,
  read: Conversation,
): Promise<Conversation | undefined> {
  const { table } = services;
  const { message, receivedAt } = claimant.job;
  const byPerson = message.role === "user" && message.origin === "chat";
  // Before the claim, so that the session is never forgotten.
  if (byPerson && read.origin === "scheduled") await joinScheduledSession(table, claimant.conversation, read.session);
  const { ended: _, expiresAt: _at, endsAt: _end, expiresWhy: _why, ...kept } = read;
  const next: Conversation = {
    ...kept,
    ...expiry(services, claimant, {
      startedAt: read.startedAt,
      lastActivityAt: byPerson ? Math.max(read.lastActivityAt, receivedAt) : read.lastActivityAt,
    }),
    lease: { id: services.newId(), turn: claimant.turn, until: claimant.until },
    origin: byPerson ? "chat" : read.origin,
  };
  // Only another policy brings the end forward. Before the claim: a visit too many does no harm, one too few would.
  if (endsSooner(next, read)) {
    await scheduleVisit(table, sessionItem(claimant.conversation, read.session), nextVisit(next, services.clock.now()));
  }
  return (await writeConversation(table, claimant.conversation, read, next)) ? next : undefined;
}

async function startSession(
  services: Services,
  claimant: Claimant,
  read: Conversation | undefined,
  ends: { readonly session: string; readonly reason: NonNullable<Session["reason"]> } | undefined,
  latest: Session | undefined,
): Promise<Conversation | undefined> {
  const { table, clock } = services;
  const { message, platform } = claimant.job;
  const now = clock.now();
  const session = services.newId();
  const memoryOff = await readMemoryOff(table, claimant.conversation);
  const previous = ends ?? (latest && { session: latest.session, ...(latest.reason ? { reason: latest.reason } : {}) });
  const next: Conversation = {
    session,
    startedAt: now,
    startedBy: claimant.turn,
    ...expiry(services, claimant, { startedAt: now, lastActivityAt: now }),
    lease: { id: services.newId(), turn: claimant.turn, until: claimant.until },
    origin: message.origin,
    ...(previous ? { previous } : {}),
    ...(memoryOff.length > 0 ? { memoryOff } : {}),
    ...(read ? { ended: read.session } : {}),
  };
  const row: Session = {
    session,
    conversation: claimant.conversation,
    platform,
    chat: message.chat,
    origin: message.origin,
    startedAt: now,
    status: "open",
  };
  // The row stands before the conversation names it, so that no live session is ever without one.
  await putSession(table, row, nextVisit(next, now));
  if (await writeConversation(table, claimant.conversation, read, next)) {
    services.metrics.put("SessionStarted", 1, "Count");
    return next;
  }
  await deleteSession(table, claimant.conversation, session);
  return undefined;
}

function endsSooner(next: Conversation, read: Conversation): boolean {
  return (next.expiresAt ?? Number.POSITIVE_INFINITY) < (read.expiresAt ?? Number.POSITIVE_INFINITY);
}

/** The policy's deadline, but never before the end of the turn that is being made: nothing ends a session under it. */
function expiry(
  services: Services,
  { conversation, job, until }: Claimant,
  activity: { readonly startedAt: number; readonly lastActivityAt: number },
) {
  const policy = policyFor(services.config.sessions, job.platform, job.message.chat.type);
  const end = deadline(policy, activity, hashFraction(conversation));
  return {
    lastActivityAt: activity.lastActivityAt,
    ...(end ? { expiresAt: Math.ceil(Math.max(end.at, until) / 1000), expiresWhy: end.why } : {}),
    ...(end && end.why !== "idle" ? { endsAt: end.at } : {}),
  };
}
