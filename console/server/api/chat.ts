import * as v from "valibot";
import { scopeOf } from "../../../lib/adapter/scopeOf.ts";
import { conversationKey } from "../../../lib/config/conversationKey.ts";
import { awaitTurn } from "../../../lib/operator/awaitTurn.ts";
import { showSession } from "../../../lib/operator/findSession.ts";
import { httpPlatform, postMessage } from "../../../lib/operator/gateway/postMessage.ts";
import { simulationOf } from "../../../lib/operator/gateway/simulation.ts";
import { listSessionRows } from "../../../lib/operator/listSessions.ts";
import { sessionDetails } from "../../../lib/operator/SessionDetails.ts";
import { sayThere } from "../../../lib/operator/sayThere.ts";
import { isoTime } from "../../../lib/operator/views.ts";
import { ConsoleError } from "../ConsoleError.ts";
import type { Api, ApiRequest } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { readBody, readName } from "./readInput.ts";

/** How long a reply is waited for, milliseconds. */
const WAIT = 15_000;

/** Sessions of a conversation that are shown, the newest ones. */
const SESSIONS = 5;

/** Memories that are shown. */
const MEMORIES = 50;

const nameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^[\w .-]{1,40}$/, "give 1 to 40 letters, digits, spaces or hyphens"),
);
const chatSchema = v.object({
  name: nameSchema,
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(4000)),
  /** One that is simulated. Absent: the one that programs post to, which may be named, too. */
  platform: v.optional(v.string()),
});

/** Conversations through the front door: by signed messages, as any program posts them, or on a simulated platform. */
export function chatApi({ gateway, config }: Pick<ApiContext, "gateway" | "config">): Api {
  const { services, adapters } = gateway;
  const { clock, newId } = services;
  const isSimulated = (given: string | undefined): given is string =>
    given !== undefined && given !== httpPlatform(config);
  /** A person of that name, in a direct chat of their own. */
  const partyOf = async (name: string, given: string | undefined) => {
    if (isSimulated(given)) {
      const party = { platform: given, user: name, conversation: name, chatType: "dm" as const };
      const { chat, user = { id: name } } = await simulationOf(gateway, given).whose(party);
      return { platform: given, chat, user, conversation: conversationKey(config, given, { chat, user }) };
    }
    const platform = httpPlatform(config);
    if (platform === undefined) {
      throw new ConsoleError(
        409,
        'the config has no http platform to chat on: add http: http({ secret: secret("HTTP_SIGNING_SECRET") })',
      );
    }
    const [chat, user] = [{ id: name, type: "dm" as const }, { id: name }];
    return { platform, chat, user, conversation: conversationKey(config, platform, { chat, user }) };
  };
  return {
    "POST /api/chat": async (request) => {
      const { name, text, platform: given } = readBody(chatSchema, request);
      if (isSimulated(given)) {
        const said = { platform: given, text, user: name, conversation: name, chatType: "dm" as const };
        const { session, turn } = await sayThere(gateway, config, said, WAIT);
        return { session, reply: turn.reply ?? null };
      }
      const { platform, user, conversation } = await partyOf(name, undefined);
      const [messageId, at] = [`console-${newId()}`, clock.now()];
      const body = { conversation: name, user, text, sentAt: at, chatType: "dm" };
      await postMessage(gateway, config, { platform, messageId, body, now: at });
      const found = await awaitTurn(services, conversation, { messageId, at }, at + WAIT);
      return { session: found?.session ?? null, reply: found?.turn.reply ?? null };
    },
    "GET /api/chat": async (request) => {
      const name = readChatName(request);
      const { platform, chat, user, conversation } = await partyOf(name, request.query.get("on") ?? undefined);
      const { rows } = await listSessionRows(services, { conversation, limit: SESSIONS });
      const shown = await Promise.all(rows.map(({ session }) => showSession(services, session)));
      const scope = scopeOf({ tenant: config.tenant, platform, chat, user });
      const memories = await adapters.memories.list(scope, MEMORIES);
      return {
        now: isoTime(clock.now()),
        conversation,
        sessions: shown.flatMap((one) => (one ? [sessionDetails(one)] : [])),
        memories: memories.map(({ id, kind, text, at }) => ({ id, kind, text, at: isoTime(at) })),
      };
    },
  };
}

function readChatName(request: ApiRequest): string {
  const { success, output } = v.safeParse(nameSchema, readName(request, "name"));
  if (success) return output;
  throw new ConsoleError(400, "a conversation's name has 1 to 40 letters, digits, spaces or hyphens");
}
