import * as v from "valibot";
import { checkAnswers } from "./checkAnswers.ts";
import type { ReceivedCall } from "./ReceivedCall.ts";
import type { SentMessage } from "./SentMessage.ts";

const sessionSchema = v.object({
  type: v.literal("session.ended"),
  data: v.object({
    session: v.string(),
    reason: v.string(),
    turns: v.number(),
    messages: v.array(v.object({ role: v.picklist(["user", "assistant"]), content: v.string() })),
  }),
});

/** What the comparison of both sides' records found. Each list names what is wrong, one line each. */
export interface Verdict {
  /** Acknowledged messages that no delivered transcript holds. */
  readonly lost: readonly string[];
  /** Messages that stand more than once, sessions that came under two ids, ids whose attempts differ. */
  readonly doubled: readonly string[];
  /** Messages in the wrong order, across a boundary, or that nobody sent. */
  readonly misplaced: readonly string[];
  /** Acknowledged messages without a reply. */
  readonly unanswered: readonly string[];
  /** Answers that are not the agent's to that message; more failed turns than the faults explain. */
  readonly misanswered: readonly string[];
  /** Transcripts whose order a clock that was set back has changed, of messages without a time of their own. */
  readonly reordered: number;
  readonly sessions: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly attempts: { readonly provider: number; readonly replies: number };
  /** Replies that the receiver got again, under the same id. */
  readonly repliesDoubled: number;
  /** Turns without an answer of the agent's: every attempt at them was killed. */
  readonly failedTurns: number;
}

/**
 * Compares what the platform sent with what the memory provider and the replies' receiver accepted. Pure.
 *
 * @param faults how many of the stack's there were
 */
export function check(
  sent: readonly SentMessage[],
  provider: readonly ReceivedCall[],
  replies: readonly ReceivedCall[],
  faults: number,
): Verdict {
  const lost: string[] = [];
  const doubled: string[] = [];
  const misplaced: string[] = [];
  const reasons: Record<string, number> = {};
  const byWords = new Map(sent.filter(({ words }) => words !== "").map((message) => [message.words, message]));
  const places = new Map<SentMessage, string>();
  const byConversation = new Map<string, SentMessage[][]>();
  const answers = new Map<SentMessage, string | undefined>();
  const toNothing: string[] = [];
  let reordered = 0;

  const sessions = firstCalls(provider, doubled);
  const ids = new Map<string, string>();
  for (const { id, body } of sessions) {
    const { session, reason, turns, messages } = v.parse(sessionSchema, body).data;
    const other = ids.get(session);
    if (other !== undefined) doubled.push(`session ${session} came as ${other} and as ${id}`);
    ids.set(session, id);
    reasons[reason] = (reasons[reason] ?? 0) + 1;
    const said = messages.flatMap(({ role, content }, place) => {
      const next = messages[place + 1];
      const answer = next?.role === "assistant" ? next.content : undefined;
      return role === "user" ? [{ words: content, answer }] : [];
    });
    if (messages.some(({ role }, place) => role === "assistant" && messages[place - 1]?.role !== "user")) {
      toNothing.push(`session ${session} has an answer to nothing`);
    }
    if (said.length !== turns) misplaced.push(`session ${session} has ${said.length} messages and says ${turns} turns`);
    const held: SentMessage[] = [];
    for (const { words, answer } of said) {
      const message = byWords.get(words);
      if (!message) misplaced.push(`session ${session} holds what nobody sent: ${words.slice(0, 80)}`);
      else if (places.has(message)) doubled.push(`${message.messageId} is in ${places.get(message)} and in ${session}`);
      else held.push(message);
      if (message) {
        places.set(message, session);
        answers.set(message, answer);
      }
    }
    const names = [...new Set(held.map(({ conversation }) => conversation))];
    if (names.length > 1) misplaced.push(`session ${session} mixes ${names.join(" and ")}`);
    const inversions = held.flatMap((message, place): [SentMessage, SentMessage][] => {
      const before = held[place - 1];
      return before && message.index < before.index ? [[before, message]] : [];
    });
    const unexplained = inversions.find(([later, earlier]) => !isByClock(later, earlier));
    if (unexplained) misplaced.push(`${unexplained[1].messageId} comes too late in session ${session}`);
    else if (inversions.length > 0) reordered += 1;
    const name = names[0];
    if (name !== undefined) byConversation.set(name, [...(byConversation.get(name) ?? []), held]);
  }
  for (const message of sent) {
    if (message.acknowledged && message.words !== "" && !places.has(message)) lost.push(describe(message));
  }
  const boundaries = Map.groupBy(
    sent.filter(({ kind }) => kind !== "text"),
    ({ conversation }) => conversation,
  );
  for (const [name, parts] of byConversation) {
    misplaced.push(...misplacedIn(name, parts, boundaries.get(name) ?? []));
  }
  const { unanswered, misanswered, failedTurns } = checkAnswers(sent, answers, replies, faults);
  return {
    ...{ lost, doubled, misplaced, reordered, reasons, failedTurns },
    unanswered: unanswered.map(describe),
    misanswered: [...toNothing, ...misanswered],
    sessions: ids.size,
    attempts: { provider: provider.length, replies: replies.length },
    repliesDoubled: replies.length - firstCalls(replies, doubled).length,
  };
}

/** Whether the gateway's clock, which orders messages without a time of their own, may have been set back between them. */
function isByClock(later: SentMessage, earlier: SentMessage): boolean {
  return !later.timed && later.stepsBack > earlier.stepsBefore;
}

/** The first call of each id; one that came again with another body is noted. */
function firstCalls(calls: readonly ReceivedCall[], doubled: string[]): readonly ReceivedCall[] {
  const first = new Map<string, ReceivedCall>();
  for (const call of calls) {
    const earlier = first.get(call.id);
    if (!earlier) first.set(call.id, call);
    else if (earlier.digest !== call.digest) doubled.push(`${call.id} came again with another body`);
  }
  return [...first.values()];
}

/** Sessions follow one another, so each holds a stretch of its conversation; and no stretch goes past a reset. */
function misplacedIn(
  name: string,
  parts: readonly (readonly SentMessage[])[],
  boundaries: readonly SentMessage[],
): readonly string[] {
  const found: string[] = [];
  const stretches = parts
    .filter((part) => part.length > 0)
    .map((part) => part.map(({ index }) => index))
    .map((indexes) => ({ from: Math.min(...indexes), to: Math.max(...indexes) }))
    .sort((a, b) => a.from - b.from);
  stretches.forEach(({ from, to }, place) => {
    const next = stretches[place + 1];
    if (next && next.from < to) found.push(`two sessions of ${name} lie across each other at ${next.from}`);
    for (const { index, kind } of boundaries) {
      const first = kind === "new" ? index : index + 1;
      if (from < first && to >= first) found.push(`a session of ${name} goes on after ${kind} at ${index}`);
    }
  });
  return found;
}

function describe({ messageId, kind, attempts }: SentMessage): string {
  return `${messageId} (${kind}, acknowledged at attempt ${attempts})`;
}
