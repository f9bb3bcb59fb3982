import * as v from "valibot";
import type { ReceivedCall } from "./ReceivedCall.ts";
import type { SentMessage } from "./SentMessage.ts";

const replySchema = v.object({ conversation: v.string(), inReplyTo: v.string(), text: v.string() });

/** Precedes the first reply of a session. */
const NOTICE = /^\(A new conversation: .+\.\)$/;

const RESET = "Done: a new conversation begins.";

const APOLOGY = "Sorry, something went wrong and I could not answer that. Please try again.";

/** The turns that are under way at once: the threads of the message function, `poolSize` of local/startLocal.ts. */
const AT_ONCE = 4;

/** Attempts at a turn, each struck by a fault, before it fails. */
const ATTEMPTS = 3;

/** What the comparison of the answers found. */
export interface Answers {
  /** Answers that the echo agent does not give to that message, and more failed turns than the faults explain. */
  readonly misanswered: readonly string[];
  /** Acknowledged messages without a reply; a notice is none. */
  readonly unanswered: readonly SentMessage[];
  /** Messages without an answer of the agent's: every attempt at them was killed. */
  readonly failedTurns: number;
}

/**
 * Compares what was answered, in the transcripts and by the replies, with what the echo agent must say. Pure.
 *
 * @param transcripts the answer by message, for each that a transcript holds; undefined: it has none
 * @param faults how many of the stack's there were
 */
export function checkAnswers(
  sent: readonly SentMessage[],
  transcripts: ReadonlyMap<SentMessage, string | undefined>,
  replies: readonly ReceivedCall[],
  faults: number,
): Answers {
  const misanswered: string[] = [];
  const unanswered: SentMessage[] = [];
  let failedTurns = 0;
  const told = Map.groupBy(
    replies.map(({ body }) => v.parse(replySchema, body)),
    ({ inReplyTo }) => inReplyTo,
  );
  for (const message of sent) {
    const { messageId, conversation, acknowledged } = message;
    const answer = transcripts.get(message);
    const got = told.get(messageId) ?? [];
    told.delete(messageId);
    const texts = new Set(got.map(({ text }) => text).filter((text) => !NOTICE.test(text)));
    // A reset is in no transcript.
    const hasFailed = transcripts.has(message) ? answer === undefined : texts.has(APOLOGY);
    if (hasFailed) failedTurns += 1;
    if (answer !== undefined && !isAnswer(message, answer, isCleaned))
      misanswered.push(describe(message, "has in its session", answer));
    for (const text of texts) {
      if (hasFailed ? text !== APOLOGY : !isAnswer(message, text, isOwn))
        misanswered.push(describe(message, "got", text));
    }
    const elsewhere = got.find((reply) => reply.conversation !== conversation);
    if (elsewhere) misanswered.push(describe(message, `is answered in ${elsewhere.conversation} by`, elsewhere.text));
    if (acknowledged && texts.size === 0) unanswered.push(message);
  }
  for (const [messageId, [first]] of told) misanswered.push(`${messageId}, which nobody sent, got "${first?.text}"`);
  const most = Math.floor((faults * AT_ONCE) / ATTEMPTS);
  if (failedTurns > most) misanswered.push(`${failedTurns} turns failed; ${faults} faults explain ${most} at the most`);
  return { misanswered, unanswered, failedTurns };
}

/** Whether the agent says this to a message: its words, then perhaps memories. */
function isAnswer(
  { kind, words, conversation }: SentMessage,
  text: string,
  areMemories: (rest: string, conversation: string) => boolean,
): boolean {
  if (kind === "reset") return text === RESET;
  const echo = `You said: ${words}`;
  if (!text.startsWith(echo)) return false;
  const rest = text.slice(echo.length);
  return rest === "" || areMemories(rest, conversation);
}

/** In a reply: what is remembered of the same conversation. */
function isOwn(rest: string, conversation: string): boolean {
  const others = rest.matchAll(/([a-z]\d+)\/\d+ /g).filter(([, name]) => name !== conversation);
  return rest.startsWith("\n\nI remember:\n- ") && others.next().done === true;
}

/** In a transcript: what the agent recited is taken out, or a provider would learn it again. */
function isCleaned(rest: string): boolean {
  return rest === "\n\nI remember:";
}

function describe({ messageId, kind }: SentMessage, how: string, text: string): string {
  return `${messageId} (${kind}) ${how} "${text.slice(0, 80)}"`;
}
