import { hasWords } from "../../lib/domain/Turn.ts";
import type { Item } from "./aws/Item.ts";
import { checkMemories } from "./checkMemories.ts";
import { checkOrder } from "./checkOrder.ts";
import { checkReplies } from "./checkReplies.ts";
import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor, StoredTurn } from "./InvariantMonitor.ts";
import type { Message } from "./Message.ts";
import type { Scenario } from "./Scenario.ts";
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
  scenario: Scenario,
  gateway: Gateway,
  monitor: InvariantMonitor,
  messages: ReadonlyMap<string, Message>,
): void {
  const sessions = turnsBySession(monitor);
  checkMessages(monitor, messages);
  checkHooks(scenario, gateway, monitor, sessions, messages);
  checkDeliveries(gateway, monitor, sessions, messages);
  for (const [session, stored] of sessions) checkOrder(session, stored, messages, monitor);
  checkMemories(gateway, monitor, sessions, messages);
  checkReplies(gateway, monitor, messages);
  for (const { sk, session } of gateway.table.items()) {
    if (sk === "LIVE") monitor.violate("a session can be ended", String(session));
  }
  checkRepetitions(scenario, gateway, monitor);
  checkReasons(scenario, gateway, monitor, sessions);
}

function turnsBySession({ turns }: InvariantMonitor): ReadonlyMap<string, readonly StoredTurn[]> {
  const bySession = new Map<string, StoredTurn[]>();
  for (const turn of [...turns.values()].flat()) {
    bySession.set(turn.session, [...(bySession.get(turn.session) ?? []), turn]);
  }
  for (const stored of bySession.values()) stored.sort((a, b) => (String(a.item.sk) < String(b.item.sk) ? -1 : 1));
  return bySession;
}

/** Every accepted message has its turn, but for one that was dead for so long that an operator purged it. */
function checkMessages(monitor: InvariantMonitor, messages: ReadonlyMap<string, Message>): void {
  for (const { messageId, acceptedAt, chat } of messages.values()) {
    const [turn] = monitor.turns.get(messageId) ?? [];
    if (turn && !turn.conversation.includes(`/${chat}/`))
      monitor.violate("a turn is of its own conversation", messageId);
    if (acceptedAt === undefined) monitor.violate("every message is accepted in the end", messageId);
    else if (!turn && !monitor.givenUp.has(messageId)) monitor.violate("no message is lost", messageId);
  }
}

/** Every session with a turn is with each provider, or skipped for a reason, or dead and to be seen. */
function checkHooks(
  { variants }: Scenario,
  gateway: Gateway,
  monitor: InvariantMonitor,
  sessions: ReadonlyMap<string, readonly StoredTurn[]>,
  messages: ReadonlyMap<string, Message>,
): void {
  const always = variants[0].providers.filter((name) => variants.every(({ providers }) => providers.includes(name)));
  for (const [session, { status }] of monitor.sessions) {
    if (status !== "ended") monitor.violate("every session is sealed", session);
  }
  for (const [session, stored] of sessions) {
    const row = monitor.sessions.get(session);
    if (!row) monitor.violate("every session has a row", session);
    const turns = stored.filter(({ item }) => item.kind === "turn");
    if (turns.length === 0) continue;
    const isOut = (turn: StoredTurn) => hasWords(turn.item) && withheld(turn, monitor, messages) === "yes";
    for (const provider of always) {
      const hook = monitor.hooks.get(`${session} ${provider}`);
      if (!hook) monitor.violate("every session has its hooks", `${session} ${provider}`);
      else if (hook.skipped === "no-turns" && turns.some(({ item }) => hasWords(item)))
        monitor.violate("a skip has its reason", session);
      else if (hook.skipped === "memory-off" && !isMemoryOff(turns, monitor, messages))
        monitor.violate("a skip has its reason", session);
      else if (hook.skipped === "scheduled" && stored.some(isByPerson))
        monitor.violate("a skip has its reason", session);
      else if (
        hook.status === "delivered" &&
        turns.some(isOut) &&
        !turns.some((turn) => isByPerson(turn) && !isOut(turn))
      )
        monitor.violate("memory off is kept", session);
    }
  }
  for (const [name, { session, status, provider, discarded }] of monitor.hooks) {
    const turns = (sessions.get(String(session)) ?? []).filter(({ item }) => item.kind === "turn");
    if (turns.length === 0) monitor.violate("what has no turn is in no ledger", name);
    const configured = Object.hasOwn(gateway.config.memory, String(provider));
    const isDone = status !== "pending" && !(status === "dead" && configured);
    if (!isDone) monitor.violate("every hook is done in the end", name);
    const mustBeThere = configured && monitor.breakers.everDeferred.has(name);
    if (mustBeThere && status !== "delivered" && discarded === undefined) {
      monitor.violate("a deferred hook is delivered once its provider is back", name);
    }
  }
}

/** What the provider has is each delivered session once, whole, in order, and with its own people's words only. */
function checkDeliveries(
  { provider }: Gateway,
  monitor: InvariantMonitor,
  sessions: ReadonlyMap<string, readonly StoredTurn[]>,
  messages: ReadonlyMap<string, Message>,
): void {
  const seen = new Set<string>();
  for (const { id, body } of provider.effects.values()) {
    const { data } = JSON.parse(body) as { readonly data: Delivered };
    const { session } = data;
    if (seen.has(session)) monitor.violate("no session is delivered twice", session);
    seen.add(session);
    const stored = (sessions.get(session) ?? []).filter(({ item }) => item.kind === "turn");
    const words = data.messages.map(({ role, content, author }) => `${role} ${author?.id ?? ""}: ${content}`);
    const about = stored.map((turn) => ({
      lines: wordsOf(turn.item, monitor, messages.get(String(turn.item.messageId))),
      out: withheld(turn, monitor, messages),
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
    if (!whole) monitor.violate("a transcript is whole", `${session}: ${words.join(", ")}, not ${expected.join(", ")}`);
    if (about.some(({ out, lines }) => out === "yes" && lines.some((line) => words.includes(line))))
      monitor.violate("memory off is kept", `${session}: ${words.join(", ")}`);
    if (stored.some(({ conversation }) => conversation !== data.conversation)) {
      monitor.violate("a transcript is of one conversation", session);
    }
    if (monitor.hooks.get(`${session} crm`)?.skipped !== undefined)
      monitor.violate("what is skipped stays here", session);
    if (provider.calls.some((call) => call.id === id && call.body !== body)) {
      monitor.violate("a repetition is equal", session);
    }
  }
  for (const [name, { status, provider: to, session }] of monitor.hooks) {
    if (status === "delivered" && to === "crm" && !seen.has(String(session)))
      monitor.violate("delivered is delivered", name);
  }
}

function wordsOf({ status, reply }: Item, monitor: InvariantMonitor, message: Message | undefined): readonly string[] {
  if (!message) return [];
  const text = wordsWithout(message.text);
  if (message.role === "assistant") return [`assistant : ${text}`];
  const said = message.origin === "chat" ? [`user ${message.user}: ${text}`] : [];
  // What did not arrive was not said; that this is so was checked when the turn was changed.
  const answer = monitor.replies.reduced.has(message.messageId) ? reply : `re: ${text}`;
  return status === "done" && answer !== undefined ? [...said, `assistant : ${answer}`] : said;
}

function wordsWithout(text: string): string {
  return text.startsWith("/new ") ? text.slice("/new ".length) : text;
}

/** Nothing is sent twice but where a fault kept the first time from being known. */
function checkRepetitions(scenario: Scenario, gateway: Gateway, monitor: InvariantMonitor): void {
  if (scenario.actions.some((action) => action.does === "replay" && action.again)) return;
  // What an adapter had accepted that is another one now is sent again.
  if (scenario.variants.some(({ accepts }) => accepts !== scenario.variants[0].accepts)) return;
  const unknown = /^(killed|frozen|answerLost|failedAfter|throttled|notDeleted|agentHangs)#/;
  if (scenario.outages.length > 0 || gateway.faults.happened.some((name) => unknown.test(name))) return;
  for (const [name, server] of [["provider", gateway.provider] as const, ["platform", gateway.replies] as const]) {
    const excused = gateway.faults.happened.some((fault) => fault.startsWith(name));
    if (!excused && server.calls.length > new Set(server.calls.map(({ id }) => id)).size)
      monitor.violate("nothing is sent twice for nothing", name);
  }
}

/** `recovered` is only said of a session whose record did not come, or can't be read; never of those behind such a one. */
function checkReasons(
  { outages }: Scenario,
  { faults, sources }: Gateway,
  monitor: InvariantMonitor,
  sessions: ReadonlyMap<string, readonly StoredTurn[]>,
): void {
  const delayed = /^(killed|frozen|streamLate)#/;
  // A table that refuses everything for minutes delays the stream no longer than that.
  const stopped = outages.some(({ what }) => what === "stream" || what === "schedules");
  if (stopped || faults.happened.some((name) => delayed.test(name))) return;
  for (const session of sessions.keys()) {
    const recovered = monitor.sessions.get(session)?.reason === "recovered";
    if (recovered && !sources.stream.spoiled.has(session)) monitor.violate("a session's reason is true", session);
  }
}

/** Whether a session may be skipped for that: nobody who surely has it on said anything, and somebody who may not did. */
function isMemoryOff(
  turns: readonly StoredTurn[],
  monitor: InvariantMonitor,
  messages: ReadonlyMap<string, Message>,
): boolean {
  const spoken = turns.filter(({ item }) => hasWords(item));
  const isKept = (turn: StoredTurn) => isByPerson(turn) && withheld(turn, monitor, messages) === "no";
  return !spoken.some(isKept) && spoken.some((turn) => withheld(turn, monitor, messages) !== "no");
}

function isByPerson({ item }: StoredTurn): boolean {
  return item.kind === "turn" && item.origin === "chat" && item.text !== undefined;
}
