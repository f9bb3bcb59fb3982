import { isDeepStrictEqual } from "node:util";
import type { Memory } from "../adapter/MemoryProvider.ts";
import { attention } from "../config/admission.ts";
import type { Conversation } from "../domain/Conversation.ts";
import { isByPerson, type Turn } from "../domain/Turn.ts";
import type { Attempt } from "../queues/workQueue.ts";
import type { Services } from "../services/Services.ts";
import type { Attempts } from "../store/attempts.ts";
import { freeLease } from "../store/conversations.ts";
import { putTurn } from "../store/turns.ts";
import { askAgent } from "./askAgent.ts";
import type { Claimant } from "./claim.ts";
import { runCommand } from "./commands.ts";
import { LeaseOver } from "./errors.ts";
import { notices } from "./notices.ts";
import { recall } from "./recall.ts";

/** What the user gets when the agent could not answer. */
const APOLOGY = "Sorry, something went wrong and I could not answer that. Please try again.";

/** A claimed message. */
export interface ClaimedMessage extends Claimant {
  /** When it was written, milliseconds since the epoch. */
  readonly at: number;
  /** The conversation as the claim left it. */
  readonly claimed: Conversation;
  /** The session's turns before this one. */
  readonly history: readonly Turn[];
  readonly attempt: Attempt;
  /** The attempts before this one, where any is known. */
  readonly attempts: Attempts | undefined;
}

/** What is made of a message, to be stored as its turn. */
type Made = Pick<
  Turn,
  "kind" | "status" | "command" | "heard" | "reply" | "toolResults" | "memories" | "switchOrder" | "draft"
>;

/**
 * Makes the turn of a claimed message and stores it, reply included, before anything is sent. When the agent can't answer
 * now, the lease is given back and the attempts are answered, with the time of the next one; when it can't at all, the
 * turn is stored as failed. Any other error gives the lease back and goes on, so that the message is tried again.
 */
export async function makeTurn(services: Services, message: ClaimedMessage): Promise<Turn | Attempts> {
  const { clock } = services;
  let made: Made | Attempts;
  try {
    made = await answer(services, message);
  } catch (error) {
    await giveBack(services, message);
    throw error;
  }
  if ("begun" in made) {
    await giveBack(services, message);
    return made;
  }
  const { job, claimed, at } = message;
  const { origin, role, text, user, messageId, command } = job.message;
  // Without words of its own: those that it answers stand in the turn before.
  const { ref, quoted, forwarded, attachments, album } = command === "retry" ? {} : job.message;
  const notice = notices(services, message);
  const turn: Turn = {
    sk: message.turn,
    ...made,
    messageId,
    ...(ref === undefined ? {} : { ref }),
    at,
    origin,
    ...(user ? { user } : {}),
    ...(role === "user" && command !== "retry" ? { text } : {}),
    ...(quoted ? { quoted } : {}),
    ...(forwarded ? { forwarded } : {}),
    ...(attachments ? { attachments } : {}),
    ...(album === undefined ? {} : { album }),
    ...(made.reply === undefined || role === "assistant" ? {} : { repliedAt: clock.now() }),
    ...(isMemoryOff(message) && made.kind === "turn" ? { memoryOff: true } : {}),
    ...reachOf(message),
    enqueueId: job.enqueueId,
    sent: 0,
    ...(notice === undefined || made.reply === undefined ? {} : { notice }),
  };
  await store(services, message, claimed.session, turn);
  return turn;
}

/** How the message is to be answered, so that the agent can speak here later: noted where it is not as it was before. */
function reachOf({ job, history }: ClaimedMessage): Pick<Turn, "replyTo" | "replyUntil"> {
  const { replyTo, replyUntil } = job.message;
  const before = history.findLast((turn) => turn.replyTo !== undefined);
  const isSame = before?.replyUntil === replyUntil && isDeepStrictEqual(before?.replyTo, replyTo);
  return isSame ? {} : { replyTo, ...(replyUntil === undefined ? {} : { replyUntil }) };
}

async function answer(services: Services, message: ClaimedMessage): Promise<Made | Attempts> {
  const { claimed, conversation, history } = message;
  const { command, text, role } = message.job.message;
  if (role === "assistant") return { kind: "turn", status: "done", reply: text };
  if (attention(services.config, message.job.message) === "listen")
    return { kind: "turn", status: "done", heard: true };
  const again = command === "retry" ? lastOf(message) : undefined;
  if (again) return askFor(services, retryOf(message, again), { kind: "turn" });
  const kind = kindOf(message);
  if (kind.kind === "command") {
    const reply = await runCommand(services, conversation, claimed, history, message.job.message);
    return { ...kind, status: "done", reply, ...(command === "memory" ? { switchOrder: nextSwitch(history) } : {}) };
  }
  return askFor(services, message, kind);
}

/** The last message in the session by whoever wrote this one. */
function lastOf({ history, job }: ClaimedMessage): Turn | undefined {
  return history.findLast((turn) => isByPerson(turn) && !turn.heard && turn.user?.id === job.message.user?.id);
}

/** The message that asks anew for an answer to an earlier one, as the agent gets it: as if that had just been written. */
function retryOf(message: ClaimedMessage, { sk, text = "", quoted, forwarded, attachments }: Turn): ClaimedMessage {
  const { command: _, ...own } = message.job.message;
  const asked = {
    ...{ ...own, text },
    ...{ ...(quoted ? { quoted } : {}), ...(forwarded ? { forwarded } : {}), ...(attachments ? { attachments } : {}) },
  };
  const history = message.history.filter((turn) => turn.sk !== sk);
  return { ...message, job: { ...message.job, message: asked }, history };
}

async function askFor(
  services: Services,
  message: ClaimedMessage,
  kind: Pick<Turn, "kind" | "command">,
): Promise<Made | Attempts> {
  const { claimed, history } = message;
  const memories = await memoriesFor(services, message);
  const previous = history.some(isAnswered) ? undefined : claimed.previous;
  const asked = await askAgent(services, message, {
    memories,
    ...(previous ? { previous: { session: previous.session, reason: previous.reason ?? "recovered" } } : {}),
  });
  if (asked.next === "again") return asked.attempts;
  const draft = asked.draft === undefined ? {} : { draft: asked.draft };
  if (asked.next === "failed") return { ...kind, status: "failed", reply: APOLOGY, ...draft };
  return {
    ...kind,
    status: "done",
    ...draft,
    ...(asked.reply === undefined ? {} : { reply: asked.reply }),
    ...(asked.toolResults ? { toolResults: asked.toolResults } : {}),
    ...(memories.length > 0 && !firstTurnOf(message) ? { memories: [...memories] } : {}),
  };
}

/** Whoever holds the lease has read the turns of all that held it before, so that no clock is asked. */
function nextSwitch(history: readonly Turn[]): number {
  return 1 + Math.max(0, ...history.map(({ switchOrder = 0 }) => switchOrder));
}

/** A command is no part of the transcript, whether it succeeds or not; `/new` with a text is that text's turn. */
function kindOf({ job }: ClaimedMessage): Pick<Turn, "kind" | "command"> {
  const { command, text } = job.message;
  if (command === undefined || (command === "new" && text.trim() !== "")) return { kind: "turn" };
  return { kind: "command", command: `${command} ${text}`.trim() };
}

/** Recalled once a session and person, with their first message; their later turns find it in the transcript. */
async function memoriesFor(services: Services, message: ClaimedMessage): Promise<readonly Memory[]> {
  const { job } = message;
  if (isMemoryOff(message)) return [];
  const first = firstTurnOf(message);
  if (first) return first.memories ?? [];
  const { user, chat, origin, text } = job.message;
  if (!user || origin === "scheduled") return [];
  return recall(services, {
    tenant: services.config.tenant,
    platform: job.platform,
    chat,
    user,
    text,
  });
}

/** Whether the author's memory switch is off. */
function isMemoryOff({ claimed, job: { message } }: ClaimedMessage): boolean {
  return message.user !== undefined && (claimed.memoryOff ?? []).includes(message.user.id);
}

/** The first answered turn of whoever wrote the message: what was recalled for one person is not for another. */
function firstTurnOf({ history, job }: ClaimedMessage): Turn | undefined {
  return history.find((turn) => isAnswered(turn) && turn.user?.id === job.message.user?.id);
}

/** Whether the agent has answered a person in this turn; not so in a post of its own, or when it failed. */
function isAnswered({ kind, origin, text, status, heard }: Turn): boolean {
  return kind === "turn" && origin === "chat" && text !== undefined && status === "done" && !heard;
}

async function store(services: Services, message: ClaimedMessage, session: string, turn: Turn): Promise<void> {
  const { table, clock } = services;
  // After the lease the session may be sealed; a turn that came in later would be lost.
  if (clock.now() >= message.attempt.deadline) throw new LeaseOver(message.turn);
  if (!(await putTurn(table, message.conversation, session, turn))) throw new LeaseOver(message.turn);
}

/** So that the next attempt need not wait for the lease's end. */
function giveBack({ table, newId }: Services, { conversation, claimed }: ClaimedMessage): Promise<void> {
  return freeLease(table, conversation, claimed, newId());
}
