import { hasWords } from "../lib/transcript/hasWords.ts";
import type { Item } from "./aws/Item.ts";
import { checkMemories } from "./checkMemories.ts";
import { checkOrder } from "./checkOrder.ts";
import { checkReplies } from "./checkReplies.ts";
import type { Gateway } from "./Gateway.ts";
import type { Message } from "./Message.ts";
import type { Story } from "./Story.ts";
import type { StoredTurn, Witness } from "./Witness.ts";
import { withheld } from "./withheld.ts";

/** What a provider was sent, as far as it is checked. */
interface Delivered {
  readonly session: string;
  readonly conversation: string;
  readonly turns: number;
  readonly messages: readonly {
    readonly role: string;
    readonly content: string;
    readonly author?: { readonly id: string };
  }[];
}

/** The promises that can be checked when everything has come to rest. What is broken goes to the witness. */
export function checkAtRest(
  story: Story,
  gateway: Gateway,
  witness: Witness,
  messages: ReadonlyMap<string, Message>,
): void {
  const sessions = turnsBySession(witness);
  checkMessages(witness, messages);
  checkHooks(story, gateway, witness, sessions, messages);
  checkDeliveries(gateway, witness, sessions, messages);
  for (const [session, stored] of sessions) checkOrder(session, stored, messages, witness);
  checkMemories(gateway, witness, sessions, messages);
  checkReplies(gateway, witness, messages);
  for (const { sk, session } of gateway.table.items()) {
    if (sk === "LIVE") witness.blame("a session can be ended", String(session));
  }
  checkRepetitions(story, gateway, witness);
  checkReasons(story, gateway, witness, sessions);
}

function turnsBySession({ turns }: Witness): ReadonlyMap<string, readonly StoredTurn[]> {
  const bySession = new Map<string, StoredTurn[]>();
  for (const turn of [...turns.values()].flat()) {
    bySession.set(turn.session, [...(bySession.get(turn.session) ?? []), turn]);
  }
  for (const stored of bySession.values()) stored.sort((a, b) => (String(a.item.sk) < String(b.item.sk) ? -1 : 1));
  return bySession;
}

/** Every accepted message has its turn, but for one that was dead for so long that an operator purged it. */
function checkMessages(witness: Witness, messages: ReadonlyMap<string, Message>): void {
  for (const { delivery, acceptedAt, chat } of messages.values()) {
    const [turn] = witness.turns.get(delivery) ?? [];
    if (turn && !turn.conversation.includes(`/${chat}/`)) witness.blame("a turn is of its own conversation", delivery);
    if (acceptedAt === undefined) witness.blame("every message is accepted in the end", delivery);
    else if (!turn && !witness.givenUp.has(delivery)) witness.blame("no message is lost", delivery);
  }
}

/** Every session with a turn is with each provider, or skipped for a reason, or dead and to be seen. */
function checkHooks(
  { variants }: Story,
  gateway: Gateway,
  witness: Witness,
  sessions: ReadonlyMap<string, readonly StoredTurn[]>,
  messages: ReadonlyMap<string, Message>,
): void {
  const always = variants[0].providers.filter((name) => variants.every(({ providers }) => providers.includes(name)));
  for (const [session, { status }] of witness.sessions) {
    if (status !== "ended") witness.blame("every session is sealed", session);
  }
  for (const [session, stored] of sessions) {
    const row = witness.sessions.get(session);
    if (!row) witness.blame("every session has a row", session);
    const turns = stored.filter(({ item }) => item.kind === "turn");
    if (turns.length === 0) continue;
    const isOut = (turn: StoredTurn) => hasWords(turn.item) && withheld(turn, witness, messages) === "yes";
    for (const provider of always) {
      const hook = witness.hooks.get(`${session} ${provider}`);
      if (!hook) witness.blame("every session has its hooks", `${session} ${provider}`);
      else if (hook.skipped === "no-turns" && turns.some(({ item }) => hasWords(item)))
        witness.blame("a skip has its reason", session);
      else if (hook.skipped === "memory-off" && !isMemoryOff(turns, witness, messages))
        witness.blame("a skip has its reason", session);
      else if (hook.skipped === "scheduled" && stored.some(isByPerson)) witness.blame("a skip has its reason", session);
      else if (
        hook.status === "delivered" &&
        turns.some(isOut) &&
        !turns.some((turn) => isByPerson(turn) && !isOut(turn))
      )
        witness.blame("memory off is kept", session);
    }
  }
  for (const [name, { session, status, provider, discarded }] of witness.hooks) {
    const turns = (sessions.get(String(session)) ?? []).filter(({ item }) => item.kind === "turn");
    if (turns.length === 0) witness.blame("what has no turn is in no ledger", name);
    const configured = Object.hasOwn(gateway.config.memory, String(provider));
    const isDone = status !== "pending" && !(status === "dead" && configured);
    if (!isDone) witness.blame("every hook is done in the end", name);
    const mustBeThere = configured && witness.breakers.everDeferred.has(name);
    if (mustBeThere && status !== "delivered" && discarded === undefined) {
      witness.blame("a deferred hook is delivered once its provider is back", name);
    }
  }
}

/** What the provider has is each delivered session once, whole, in order, and with its own people's words only. */
function checkDeliveries(
  { provider }: Gateway,
  witness: Witness,
  sessions: ReadonlyMap<string, readonly StoredTurn[]>,
  messages: ReadonlyMap<string, Message>,
): void {
  const seen = new Set<string>();
  for (const { id, body } of provider.effects.values()) {
    const { data } = JSON.parse(body) as { readonly data: Delivered };
    const { session } = data;
    if (seen.has(session)) witness.blame("no session is delivered twice", session);
    seen.add(session);
    const stored = (sessions.get(session) ?? []).filter(({ item }) => item.kind === "turn");
    const words = data.messages.map(({ role, content, author }) => `${role} ${author?.id ?? ""}: ${content}`);
    const about = stored.map((turn) => ({
      lines: wordsOf(turn.item, witness, messages.get(String(turn.item.delivery))),
      out: withheld(turn, witness, messages),
    }));
    const told = about.filter(
      ({ out, lines }) => out === "no" || (out === "unknown" && words.includes(lines[0] ?? "")),
    );
    const expected = told.flatMap(({ lines }) => lines);
    // A turn without words can't be seen in the transcript.
    const mostTurns = about.filter(({ out }) => out !== "yes").length;
    const leastTurns = about.filter(({ out }) => out === "no").length;
    const isCounted = data.turns >= leastTurns && data.turns <= mostTurns;
    const whole = isCounted && words.join("\n") === expected.join("\n");
    if (!whole) witness.blame("a transcript is whole", `${session}: ${words.join(", ")}, not ${expected.join(", ")}`);
    if (about.some(({ out, lines }) => out === "yes" && lines.some((line) => words.includes(line))))
      witness.blame("memory off is kept", `${session}: ${words.join(", ")}`);
    if (stored.some(({ conversation }) => conversation !== data.conversation)) {
      witness.blame("a transcript is of one conversation", session);
    }
    if (witness.hooks.get(`${session} crm`)?.skipped !== undefined)
      witness.blame("what is skipped stays here", session);
    if (provider.calls.some((call) => call.id === id && call.body !== body)) {
      witness.blame("a repetition is equal", session);
    }
  }
  for (const [name, { status, provider: to, session }] of witness.hooks) {
    if (status === "delivered" && to === "crm" && !seen.has(String(session)))
      witness.blame("delivered is delivered", name);
  }
}

function wordsOf({ status, reply }: Item, witness: Witness, message: Message | undefined): readonly string[] {
  if (!message) return [];
  const text = wordsWithout(message.text);
  if (message.role === "assistant") return [`assistant : ${text}`];
  const said = message.origin === "chat" ? [`user ${message.user}: ${text}`] : [];
  // What did not arrive was not said; that this is so was checked when the turn was changed.
  const answer = witness.replies.reduced.has(message.delivery) ? reply : `re: ${text}`;
  return status === "done" && answer !== undefined ? [...said, `assistant : ${answer}`] : said;
}

function wordsWithout(text: string): string {
  return text.startsWith("/new ") ? text.slice("/new ".length) : text;
}

/** Nothing is sent twice but where a fault kept the first time from being known. */
function checkRepetitions(story: Story, gateway: Gateway, witness: Witness): void {
  if (story.actions.some((action) => action.does === "replay" && action.again)) return;
  const unknown = /^(killed|frozen|answerLost|failedAfter|throttled|notDeleted|agentHangs)#/;
  if (story.outages.length > 0 || gateway.faults.happened.some((name) => unknown.test(name))) return;
  for (const [name, server] of [["provider", gateway.provider] as const, ["platform", gateway.replies] as const]) {
    const excused = gateway.faults.happened.some((fault) => fault.startsWith(name));
    if (!excused && server.calls.length > server.effects.size) witness.blame("nothing is sent twice for nothing", name);
  }
}

/** `recovered` is only said of a session whose record did not come, or can't be read; never of those behind such a one. */
function checkReasons(
  { outages }: Story,
  { faults, sources }: Gateway,
  witness: Witness,
  sessions: ReadonlyMap<string, readonly StoredTurn[]>,
): void {
  const delayed = /^(killed|frozen|streamLate)#/;
  // A table that refuses everything for minutes delays the stream no longer than that.
  const stopped = outages.some(({ what }) => what === "stream" || what === "schedules");
  if (stopped || faults.happened.some((name) => delayed.test(name))) return;
  for (const session of sessions.keys()) {
    const recovered = witness.sessions.get(session)?.reason === "recovered";
    if (recovered && !sources.stream.spoiled.has(session)) witness.blame("a session's reason is true", session);
  }
}

/** Whether a session may be skipped for that: nobody who surely has it on said anything, and somebody who may not did. */
function isMemoryOff(turns: readonly StoredTurn[], witness: Witness, messages: ReadonlyMap<string, Message>): boolean {
  const spoken = turns.filter(({ item }) => hasWords(item));
  const isKept = (turn: StoredTurn) => isByPerson(turn) && withheld(turn, witness, messages) === "no";
  return !spoken.some(isKept) && spoken.some((turn) => withheld(turn, witness, messages) !== "no");
}

function isByPerson({ item }: StoredTurn): boolean {
  return item.kind === "turn" && item.origin === "chat" && item.text !== undefined;
}
