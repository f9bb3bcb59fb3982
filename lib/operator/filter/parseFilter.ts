import { END_REASONS } from "../../domain/Session.ts";
import { FilterError } from "./FilterError.ts";
import { overlap, type Period, parseAge, parseMoment } from "./Period.ts";
import { type DlqQuery, HOOK_STATUSES, type HookQuery, type ReplyQuery, type SessionQuery } from "./queries.ts";
import { type Term, termsText, tokenize } from "./tokenize.ts";

/** Makes a part of a query of a field's value. */
type Field<Query> = (value: string, now: number) => Query;

type Fields<Query> = Readonly<Record<string, Field<Query>>>;

const times: Fields<Period> = {
  age: parseAge,
  since: (value) => parseMoment("since", value),
  until: (value) => parseMoment("until", value),
};

const placed: Fields<Pick<HookQuery, "platform" | "conversation" | "id">> = {
  platform: (platform) => ({ platform }),
  conversation: (conversation) => ({ conversation }),
  id: (value) => ({ id: idTail(value) }),
};

const sessionFields: Fields<SessionQuery> = {
  status: (value) => ({ status: oneOf("status", ["open", "ended"], value) }),
  reason: (value) => ({ reason: oneOf("reason", END_REASONS, value) }),
  ...placed,
  user: (user) => ({ user }),
  ...times,
};

const hookFields: Fields<HookQuery> = {
  status: (value) => ({ status: oneOf("status", HOOK_STATUSES, value) }),
  provider: (provider) => ({ provider }),
  group: (value) => ({ group: groupOf(value) }),
  ...placed,
  ...times,
};

const replyFields: Fields<ReplyQuery> = { ...placed, kind: (kind) => ({ kind }), ...times };

const dlqFields: Fields<DlqQuery> = {
  ...placed,
  id: (value) => ({ id: idHead(value) }),
  user: (user) => ({ user }),
  ...times,
};

/** What each field of a filter means, for help and completion. */
export const SESSION_FIELDS = Object.keys(sessionFields);

export const HOOK_FIELDS = Object.keys(hookFields);

export const REPLY_FIELDS = Object.keys(replyFields);

export const DLQ_FIELDS = Object.keys(dlqFields);

/**
 * Reads a filter of sessions, such as `status:ended reason:idle user:42 since:2026-11-01`; all terms must hold.
 *
 * @param now milliseconds since the epoch, from which ages count
 * @throws FilterError
 */
export function parseSessionFilter(text: string, now: number): SessionQuery {
  return parse<SessionQuery>("sessions", sessionFields, {}, text, now);
}

/** Reads a filter of hooks, such as `status:dead provider:crm group:ab12cd34 age:>2h`. @throws FilterError */
export function parseHookFilter(text: string, now: number): HookQuery {
  return parse<HookQuery>("hooks", hookFields, {}, text, now);
}

/** Reads a filter of failed replies, such as `platform:telegram kind:throttled`. @throws FilterError */
export function parseReplyFilter(text: string, now: number): ReplyQuery {
  return parse<ReplyQuery>("replies", replyFields, {}, text, now);
}

/** Reads a filter of messages that were not answered, such as `platform:telegram user:42`. @throws FilterError */
export function parseDlqFilter(text: string, now: number): DlqQuery {
  return parse<DlqQuery>("messages", dlqFields, {}, text, now);
}

/** The filter's text of a query, with absolute times: it means the same whenever it is read. */
export function filterText({ since, until, ...rest }: SessionQuery | HookQuery): string {
  const moment = (field: string, at: number | undefined): Term[] =>
    at === undefined ? [] : [{ field, value: new Date(at).toISOString() }];
  const terms = Object.entries(rest).map(([field, value]) => ({ field, value: String(value) }));
  return termsText([...terms, ...moment("since", since), ...moment("until", until)]);
}

function parse<Query extends Period>(
  what: string,
  fields: Fields<Query>,
  everything: Query,
  text: string,
  now: number,
): Query {
  const seen = new Set<string>();
  let query = everything;
  for (const { field, value } of tokenize(text)) {
    const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (!read) throw unknown(`field "${field}" of ${what}`, field, Object.keys(fields));
    if (seen.has(field)) throw new FilterError(`${field} is given twice: each field may stand once`);
    seen.add(field);
    const part = read(value, now);
    query = { ...query, ...part, ...overlap(query, part) };
  }
  return query;
}

function oneOf<const Value extends string>(field: string, allowed: readonly Value[], given: string): Value {
  const found = allowed.find((value) => value === given);
  if (found === undefined) throw unknown(`${field} "${given}"`, given, allowed);
  return found;
}

function unknown(what: string, given: string, allowed: readonly string[]): FilterError {
  const meant = nearest(given, allowed);
  return new FilterError(
    `unknown ${what}:${meant === undefined ? "" : ` did you mean ${meant}?`} There are ${allowed.join(", ")}`,
  );
}

/** An id's end may be written as it is shown, with dots before it. */
function idTail(value: string): string {
  const tail = value.replace(/^(…|\.{2,3})/, "").toUpperCase();
  if (/^[0-9A-Z]{1,64}$/.test(tail)) return tail;
  throw new FilterError(`id:${value} is no session's id, nor the end of one: it has letters and digits`);
}

/** The beginning of a queue's id of a message, which is a UUID. */
function idHead(value: string): string {
  if (/^[0-9a-f-]{4,36}$/i.test(value)) return value.toLowerCase();
  throw new FilterError(
    `id:${value} is not how a message's id begins: npx vesper inbound ls lists them, such as id:1f0c7a2e`,
  );
}

function groupOf(value: string): string {
  if (/^[0-9a-f]{8}$/.test(value)) return value;
  throw new FilterError(`group:${value} is no error group: npx vesper hooks groups lists them, such as group:ab12cd34`);
}

/** The word that was probably meant, at most two letters away; undefined when none is that near. */
function nearest(given: string, allowed: readonly string[]): string | undefined {
  const [best] = allowed
    .map((word) => ({ word, away: distance(given.toLowerCase(), word) }))
    .filter(({ away, word }) => away <= 2 && away < word.length)
    .sort((a, b) => a.away - b.away);
  return best?.word;
}

/** Letters to add, to leave out or to change: https://en.wikipedia.org/wiki/Levenshtein_distance */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** A filter's text as it may be kept: that a user was meant, and not which, as the log outlives what may be said of a person. */
export function withoutUsers(filter: string): string {
  return termsText(tokenize(filter).map(({ field, value }) => ({ field, value: field === "user" ? "…" : value })));
}
