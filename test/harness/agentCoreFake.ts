import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";

/** An event as AgentCore keeps it. */
interface Event {
  readonly eventId: string;
  readonly actorId: string;
  readonly sessionId: string;
  readonly clientToken: string;
  readonly texts: readonly { readonly role: string; readonly text: string }[];
}

interface MemoryRecord {
  readonly memoryRecordId: string;
  readonly namespace: string;
  readonly text: string;
}

export interface AgentCoreFake extends FaultServer {
  readonly memoryId: string;
  readonly events: readonly Event[];
  readonly records: readonly MemoryRecord[];
  /** The next record that should be deleted is not. */
  keepNext(): void;
}

type Body = Readonly<Record<string, unknown>>;

/** What AWS calls its errors, by the status. */
const NAMES: Readonly<Record<number, string>> = {
  400: "ValidationException",
  401: "UnrecognizedClientException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  409: "RetryableConflictException",
  429: "ThrottledException",
  503: "ServiceException",
};

/** More than these in an event are refused. */
const MOST_ITEMS = 100;

const MOST_BYTES = 100_000;

/**
 * The part of AgentCore Memory that is used, strict, with one strategy whose namespace is `/users/{actorId}/`: it makes a
 * record of each message of a user. A namespace is a prefix, as in the real one; a token that was seen is ignored without an
 * error. Lists come one to a page.
 * https://docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_Operations_Amazon_Bedrock_AgentCore_Data_Plane.html
 */
export async function startAgentCoreFake(): Promise<AgentCoreFake> {
  const memoryId = "gateway_memory-Ab12Cd34Ef";
  const events: Event[] = [];
  const records: MemoryRecord[] = [];
  let keeps = false;
  let count = 0;

  const create = (given: Body): Answer => {
    const { actorId, sessionId, eventTimestamp, payload, clientToken, ...rest } = given;
    const isId = (id: unknown) => typeof id === "string" && /^[a-zA-Z0-9][\w-]{0,254}$/.test(id);
    if (Object.keys(rest).length > 0 || !isId(actorId) || !isId(sessionId)) return failure(400);
    if (typeof eventTimestamp !== "number" || typeof clientToken !== "string") return failure(400);
    if (!Array.isArray(payload) || payload.length === 0 || payload.length > MOST_ITEMS) return failure(400);
    const texts = payload.map(({ conversational: { role, content } }) => ({ role, text: content.text }));
    if (!texts.every(({ role, text }) => /^(USER|ASSISTANT)$/.test(role) && isText(text))) return failure(400);
    const seen = events.find((event) => event.clientToken === clientToken);
    const event = seen ?? { ...ids(actorId, sessionId), eventId: `0000001#${++count}`, clientToken, texts };
    if (!seen) {
      events.push(event);
      for (const { role, text } of texts) {
        if (role !== "USER") continue;
        records.push({ memoryRecordId: `mem-${++count}`, namespace: `/users/${event.actorId}/`, text });
      }
    }
    return json(201, { event: { memoryId, ...event, eventTimestamp, payload } });
  };

  const inNamespace = (namespace: unknown) =>
    records.filter((record) => record.namespace.startsWith(String(namespace)));
  const shown = ({ memoryRecordId, namespace, text }: MemoryRecord) => ({
    ...{ memoryRecordId, content: { text }, memoryStrategyId: "facts-1", namespaces: [namespace] },
    ...{ createdAt: 1_790_000_000, score: 0.7 },
  });

  const remove = (given: Body): Answer => {
    const wanted = (given.records as readonly { memoryRecordId: string }[]).map(({ memoryRecordId }) => memoryRecordId);
    const kept = keeps ? wanted.splice(0, 1) : [];
    keeps = false;
    for (const record of records.filter(({ memoryRecordId }) => wanted.includes(memoryRecordId))) {
      records.splice(records.indexOf(record), 1);
    }
    const result = (memoryRecordId: string, status: string) => ({ memoryRecordId, status });
    return json(200, {
      successfulRecords: wanted.map((id) => result(id, "SUCCEEDED")),
      failedRecords: kept.map((id) => result(id, "FAILED")),
    });
  };

  const accept = (request: SeenRequest): Answer => {
    const { authorization = "" } = request.headers;
    if (!authorization.includes("/bedrock-agentcore/aws4_request")) return failure(403);
    const given: Body = request.body === "" ? {} : JSON.parse(request.body);
    const path = decodeURIComponent(new URL(request.path, "http://aws.test").pathname);
    const rest = path.replace(`/memories/${memoryId}/`, "");
    if (rest === path) return failure(404);
    const [, actor, session, event] = /^actor\/([^/]+)\/sessions(?:\/([^/]+)(?:\/events\/(.+))?)?$/.exec(rest) ?? [];
    if (rest === "events") return create(given);
    if (rest === "memoryRecords/batchDelete") return remove(given);
    if (rest === "memoryRecords") return page(given, inNamespace(given.namespace).map(shown), "memoryRecordSummaries");
    if (rest === "retrieve") {
      const { searchQuery, topK } = given.searchCriteria as { searchQuery?: string; topK: number };
      if (!searchQuery || topK < 1 || topK > 100) return failure(400);
      return json(200, { memoryRecordSummaries: inNamespace(given.namespace).slice(0, topK).map(shown) });
    }
    if (actor === undefined) return failure(404);
    const own = events.filter(({ actorId }) => actorId === actor);
    if (own.length === 0) return failure(404);
    if (session === undefined) {
      const sessions = [...new Set(own.map(({ sessionId }) => sessionId))];
      return page(
        given,
        sessions.map((sessionId) => ({ sessionId, actorId: actor, createdAt: 1_790_000_000 })),
        "sessionSummaries",
      );
    }
    const here = own.filter(({ sessionId }) => sessionId === session);
    if (event === undefined) {
      const listed = here.map(({ eventId }) => ({
        memoryId,
        ...ids(actor, session),
        eventId,
        eventTimestamp: 1,
        payload: [],
      }));
      return page(given, listed, "events");
    }
    const found = here.find(({ eventId }) => eventId === event);
    if (!found) return failure(404);
    events.splice(events.indexOf(found), 1);
    return json(200, { eventId: event });
  };

  const server = await startFaultServer(accept, (status, headers) => {
    const answer = failure(status);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });
  return {
    ...server,
    memoryId,
    events,
    records,
    keepNext: () => {
      keeps = true;
    },
  };
}

function ids(actorId: unknown, sessionId: unknown) {
  return { actorId: String(actorId), sessionId: String(sessionId) };
}

/** One to a page, the next one by its place. */
function page({ nextToken }: Body, all: readonly object[], name: string): Answer {
  const at = Number(nextToken ?? 0);
  return json(200, { [name]: all.slice(at, at + 1), ...(at + 1 < all.length ? { nextToken: String(at + 1) } : {}) });
}

function isText(text: unknown): boolean {
  return typeof text === "string" && text.trim() !== "" && text.isWellFormed() && Buffer.byteLength(text) <= MOST_BYTES;
}

function failure(status: number): Answer {
  const answer = json(status, { message: "the fake repeats what it was sent here" });
  return { ...answer, headers: { ...answer.headers, "x-amzn-errortype": NAMES[status] ?? "InternalServerException" } };
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
