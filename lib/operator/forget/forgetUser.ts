import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { MemoryProvider } from "../../adapter/MemoryProvider.ts";
import type { Config } from "../../config/Config.ts";
import type { Hook } from "../../domain/Hook.ts";
import { sha256 } from "../../domain/ids.ts";
import { memoryWish } from "../../domain/memorySwitch.ts";
import type { Session } from "../../domain/Session.ts";
import { hasWords, type Turn } from "../../domain/Turn.ts";
import { mapConcurrently } from "../../runtime/async.ts";
import type { Services } from "../../services/Services.ts";
import { discardHook } from "../../store/hookOperations.ts";
import { turnItem } from "../../store/keys.ts";
import { deletePairing } from "../../store/pairings.ts";
import { loadHooks } from "../../store/readHooks.ts";
import { readSession } from "../../store/sessions.ts";
import { loadTurns } from "../../store/turns.ts";
import { conditionHeld, updateItem } from "../../store/updateItem.ts";
import { recordAudit } from "../audit.ts";
import { type DlqTools, discardDlqMessages, listDlqMessages } from "../inbound/dlqMessages.ts";
import { findTraces, type Somebody, type Traces } from "./findTraces.ts";
import { type ForgottenAt, forgetAtProviders } from "./forgetAtProviders.ts";

/** Sessions erased at once. */
const CONCURRENCY = 8;

/** Between two looks at deliveries that are under way, milliseconds. */
const PAUSE = 1_000;

/** What forgetting works with. */
export interface ForgetTools extends DlqTools {
  readonly config: Config;
  readonly adapters: AdapterServices;
}

/** What was erased of a user, or would be, and what could not be. A contract: keys are added, never changed. */
export interface Forgotten {
  /** Whether anything was done. */
  readonly acted: boolean;
  /** Sessions in which the user wrote; of them those that are live. */
  readonly sessions: number;
  readonly live: number;
  /** Turns whose words were erased. In a direct chat those are all turns. */
  readonly turns: number;
  /** Hooks that were given up, as nothing is left to deliver. */
  readonly hooksDiscarded: number;
  /** Hooks that will deliver what others said in the same sessions. */
  readonly hooksKept: number;
  /** Messages taken off the inbound dead-letter queue. */
  readonly dlqMessages: number;
  readonly providers: readonly ForgottenAt[];
}

/** An operator's word. */
interface ForgetWord {
  readonly who: string;
  readonly why?: string | undefined;
  readonly act: boolean;
  readonly groups?: readonly string[];
}

/**
 * Forgets a user: transcripts, messages that were not answered, the gateway's own memory, and what each provider remembers,
 * in an order in which nothing of it is delivered again. The turns lose the user's id last, when every provider has
 * forgotten: until then another run finds what this one had found, wherever it was stopped.
 *
 * @param word `act` false: only says what there is; `groups`: the platform's ids of groups in which the user wrote so long ago
 *   that the table does not know it any more
 */
export async function forgetUser(
  tools: ForgetTools,
  somebody: Omit<Somebody, "tenant">,
  { who, why, act, groups = [] }: ForgetWord,
): Promise<Forgotten> {
  const { services, config, adapters } = tools;
  const meant = { tenant: config.tenant, ...somebody };
  if (act) {
    // A name for the user that nobody can read: the log outlives them.
    const mark = sha256(JSON.stringify([meant.tenant, meant.platform, meant.user]))
      .toString("hex")
      .slice(0, 12);
    const target = `platform:${meant.platform} user:#${mark}`;
    await recordAudit(services, { who, action: "forget", target, ...(why === undefined ? {} : { why }) });
  }
  const traces = await findTraces(services.table, meant);
  const found: Found[] = [];
  await mapConcurrently(traces.sessions, CONCURRENCY, async ([id, trace]) => {
    found.push(await handleSession(tools, id, trace, act));
  });
  if (act) {
    await deletePairing(services.table, meant.platform, meant.user);
    await awaitDeliveries(tools, found);
  }
  const query = { platform: meant.platform, user: meant.user };
  const dlqMessages = act
    ? (await discardDlqMessages(tools, query, { who, why: "forget" })).length
    : (await listDlqMessages(tools, query)).dlqMessages.length;
  const spoken = found.filter(({ turns }) => turns > 0);
  const sum = (count: (one: Found) => number) => found.reduce((total, one) => total + count(one), 0);
  const places = {
    ...{ chats: chatsOf(found, groups), scopes: traces.scopes },
    accepted: found.flatMap(({ hooks }) => hooks.filter(({ accepted }) => accepted !== undefined)),
  };
  const providers = await forgetAtProviders(adapters, config, meant, places, act);
  if (act && providers.every(({ status }) => status !== "failed")) {
    await mapConcurrently(found, CONCURRENCY, async ({ id, erased }) => {
      for (const turn of erased) await eraseUser(services, id, turn);
    });
  }
  return {
    ...{ acted: act, sessions: spoken.length, dlqMessages },
    live: spoken.filter(({ session }) => session?.status === "open").length,
    turns: sum((one) => one.turns),
    hooksDiscarded: sum((one) => one.discarded),
    hooksKept: sum(({ hooks, discarded }) => hooks.filter(isUndelivered).length - discarded),
    providers,
  };
}

/** One session that the user wrote in. */
interface Found {
  readonly id: string;
  /** Every turn that was emptied, or would be. */
  readonly erased: readonly Turn[];
  readonly session: Session | undefined;
  readonly turns: number;
  readonly hooks: readonly Hook[];
  readonly discarded: number;
}

async function handleSession(
  { services }: ForgetTools,
  id: string,
  trace: NonNullable<ReturnType<Traces["sessions"]["get"]>>,
  act: boolean,
): Promise<Found> {
  const session = await readSession(services.table, trace.conversation, id);
  const turns = await loadTurns(services.table, id);
  const own = new Set(trace.turns);
  const isMeant = ({ sk }: { readonly sk: string }) => session?.chat.type === "dm" || own.has(sk);
  const meant = turns.filter(isMeant);
  const about = { id, session, erased: meant, turns: meant.filter(({ kind }) => kind === "turn").length };
  const hooks = await loadHooks(services.table, id);
  if (!act) return { ...about, hooks, discarded: 0 };
  for (const turn of meant) await eraseTurn(services, id, turn);
  const isEmpty = !turns.some((turn) => !isMeant(turn) && hasWords(turn));
  let discarded = 0;
  for (const hook of isEmpty ? hooks.filter(isUndelivered) : []) {
    if (await discardHook(services, hook, { by: "forget", why: "the user is forgotten" })) discarded++;
  }
  return { ...about, hooks, discarded };
}

function isUndelivered({ status }: Hook): boolean {
  return status === "pending" || status === "dead";
}

/** Waits for calls that may have begun with the words still in them, so that providers forget after they have ended. */
async function awaitDeliveries({ services }: ForgetTools, found: readonly Found[]): Promise<void> {
  const { table, clock } = services;
  const waiting = new Set(
    found.flatMap(({ session, hooks }) => (session && hooks.some(isUndelivered) ? [session.session] : [])),
  );
  while (waiting.size > 0) {
    for (const id of waiting) {
      const hooks = await loadHooks(table, id);
      if (!hooks.some(({ lease }) => (lease?.until ?? 0) > clock.now())) waiting.delete(id);
    }
    if (waiting.size > 0) await clock.until(clock.now() + PAUSE);
  }
}

type Chat = Parameters<NonNullable<MemoryProvider["forget"]>>[0]["chat"];

function chatsOf(found: readonly Found[], groups: readonly string[]): readonly Chat[] {
  const known = found.flatMap(({ session }) => (session ? [session.chat] : []));
  const others = groups.filter((group) => !known.some(({ id }) => id === group));
  const chats: readonly Chat[] = [...known, ...others.map((id) => ({ id, type: "group" }) as const)];
  return [...new Map(chats.map((chat) => [JSON.stringify([chat.type, chat.id, chat.thread ?? ""]), chat])).values()];
}

/**
 * Empties a turn: words, also those behind a command, reply, what is to be sent again of it, and its user's name. The row stays, as its session counts
 * it. The user's id stays, too, as long as something is left to erase elsewhere: it is what the next run finds it by.
 */
async function eraseTurn(
  { table, clock }: Pick<Services, "table" | "clock">,
  session: string,
  { sk, user, command }: Turn,
): Promise<boolean> {
  const bare = command === undefined ? undefined : withoutWords(command);
  return conditionHeld(
    updateItem(table, {
      Key: turnItem(session, sk),
      UpdateExpression:
        `SET erasedAt = if_not_exists(erasedAt, :now)${bare === undefined ? "" : ", command = :command"} ` +
        "REMOVE #text, quoted, forwarded, attachments, reply, toolResults, notice, " +
        "memories, undelivered, replyTo, replyUntil, #state" +
        (user === undefined ? "" : ", #user.#name"),
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeNames: {
        ...{ "#text": "text", "#state": "state" },
        ...(user === undefined ? {} : { "#user": "user", "#name": "name" }),
      },
      ExpressionAttributeValues: { ":now": clock.now(), ...(bare === undefined ? {} : { ":command": bare }) },
    }),
  );
}

/** A stored command's name alone; of one that switches memory also the wish, as it may be what keeps memory off. */
function withoutWords(command: string): string {
  const [name = "", ...words] = command.split(" ");
  const wish = name === "memory" ? memoryWish(words.join(" ")) : undefined;
  return wish === undefined ? name : `${name} ${wish}`;
}

/** Takes the user's id off an emptied turn. Of a command it stays, as it may be what keeps the memory of that user off. */
async function eraseUser({ table }: Pick<Services, "table">, session: string, { sk, kind, user }: Turn): Promise<void> {
  if (kind === "command" || user === undefined) return;
  await conditionHeld(
    updateItem(table, {
      Key: turnItem(session, sk),
      UpdateExpression: "REMOVE #user",
      ConditionExpression: "attribute_exists(erasedAt)",
      ExpressionAttributeNames: { "#user": "user" },
    }),
  );
}
