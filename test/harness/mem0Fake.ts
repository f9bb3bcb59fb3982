import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";
import type { Work } from "../../lib/adapter/testing/MemoryFixture.ts";

/** A memory as Mem0 keeps it. */
interface Kept {
  readonly id: string;
  readonly memory: string;
  readonly user_id: string;
  readonly run_id?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly created_at: string;
}

/** The work on what was added: of the platform alone. */
interface Event {
  readonly memories: readonly Kept[];
  status: "PENDING" | "SUCCEEDED" | "FAILED";
}

/** The platform's work waits when it is held; a server of one's own extracts before it answers. */
export interface Mem0Fake extends FaultServer, Work {
  readonly key: string;
  readonly memories: readonly Kept[];
}

type Body = Readonly<Record<string, unknown>>;

/**
 * The part of Mem0 that is used, strict: an unknown field is refused, which the real one ignores. Its model makes a memory
 * of each message of a user, and another one each time that it is told the same: a real one words things differently.
 *
 * @param api the hosted platform (https://docs.mem0.ai/api-reference), or a server of one's own
 *   (https://github.com/mem0ai/mem0/blob/main/server/main.py)
 */
export async function startMem0Fake(api: "platform" | "server", key = "m0-test-0123456789abcdef"): Promise<Mem0Fake> {
  const events = new Map<string, Event>();
  const memories: Kept[] = [];
  let holds = false;
  let count = 0;

  const add = (body: Body): readonly Kept[] => {
    const added: Kept[] = [];
    const messages = body.messages as readonly { readonly role: string; readonly content: string }[];
    for (const { role, content } of messages) {
      if (role !== "user") continue;
      count++;
      added.push({
        id: `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`,
        memory: content,
        user_id: String(body.user_id),
        ...(body.run_id === undefined ? {} : { run_id: String(body.run_id) }),
        metadata: body.metadata as Body,
        created_at: new Date(Number(body.timestamp ?? 0) * 1000).toISOString(),
      });
    }
    return added;
  };
  const succeed = (event: Event) => {
    memories.push(...event.memories);
    event.status = "SUCCEEDED";
  };
  const waiting = () => [...events].filter(([, { status }]) => status === "PENDING");
  const eventOf = (id: string): Answer => {
    const event = events.get(id);
    if (!event) return json(404, { error: "Event not found or you don't have permission to access it." });
    const { status } = event;
    return json(200, { id, event_type: "ADD", status, ...(status === "FAILED" ? { error: "no model for you" } : {}) });
  };
  const ofUser = (user: unknown) => memories.filter(({ user_id }) => user_id === user);
  const forget = (user: unknown) => {
    for (const memory of ofUser(user)) memories.splice(memories.indexOf(memory), 1);
  };

  const accept = (request: SeenRequest): Answer => {
    const { headers, body } = request;
    const url = new URL(request.path, "http://mem0.test");
    const isKnown = api === "platform" ? headers.authorization === `Token ${key}` : headers["x-api-key"] === key;
    if (!isKnown) return json(401, { detail: "Given token not valid" });
    const given: Body = body === "" ? {} : JSON.parse(body);
    const call = `${request.method} ${url.pathname}`;
    const user = url.searchParams.get("user_id");
    if (api === "server") return serve(call, url, given, user);
    switch (call) {
      case "POST /v3/memories/add/": {
        const problem = additionProblem(given, ["messages", "user_id", "metadata", "timestamp"]);
        if (problem) return json(400, { detail: problem });
        const event: Event = { memories: add(given), status: "PENDING" };
        const id = `10000000-0000-4000-8000-${String(count).padStart(12, "0")}`;
        events.set(id, event);
        if (!holds) succeed(event);
        return json(200, { event_id: id, status: "PENDING" });
      }
      case "POST /v3/memories/": {
        const [{ user_id: who } = {}, { metadata = {} } = {}] = (given.filters as { AND: Body[] }).AND;
        const wanted = Object.entries(metadata as Body);
        const found = ofUser(who).filter((one) => wanted.every(([name, value]) => one.metadata[name] === value));
        return json(200, { count: found.length, next: null, previous: null, results: found });
      }
      case "POST /v3/memories/search/": {
        const { query, filters, top_k: limit, ...rest } = given;
        if (Object.keys(rest).length > 0 || typeof query !== "string" || query === "") return json(400, {});
        if (!Number.isInteger(limit) || Number(limit) < 1) return json(400, {});
        const found = ofUser((filters as Body).user_id).slice(0, Number(limit));
        return json(200, { results: found.map((memory) => ({ ...memory, score: 0.7 })) });
      }
      case "DELETE /v1/memories/":
        if (!user) return json(400, {});
        if (ofUser(user).length === 0) return json(404, { detail: "No memories found" });
        forget(user);
        return { status: 204 };
      default:
        return /^GET \/v1\/event\/[\w-]+\/$/.test(call)
          ? eventOf(url.pathname.split("/")[3] ?? "")
          : json(404, { detail: `no ${call}` });
    }
  };

  const serve = (call: string, url: URL, given: Body, user: string | null): Answer => {
    switch (call) {
      case "POST /memories": {
        const problem = additionProblem(given, ["messages", "user_id", "run_id", "metadata"]);
        if (problem) return json(400, { detail: problem });
        memories.push(...add(given));
        return json(200, { results: memories.slice(-1).map(({ id, memory }) => ({ id, memory, event: "ADD" })) });
      }
      case "GET /memories": {
        const run = url.searchParams.get("run_id");
        return json(200, { results: ofUser(user).filter(({ run_id }) => run === null || run_id === run) });
      }
      case "POST /search":
        return json(200, { results: ofUser((given.filters as Body).user_id) });
      case "DELETE /memories":
        if (!user) return json(400, { detail: "At least one identifier is required." });
        forget(user);
        return json(200, { message: "All relevant memories deleted" });
      default:
        return json(404, { detail: `no ${call}` });
    }
  };

  return {
    ...(await startFaultServer(accept)),
    key,
    memories,
    hold: () => {
      holds = true;
    },
    finish: () => {
      for (const [, event] of waiting()) succeed(event);
    },
    fail: () => {
      for (const [, event] of waiting()) event.status = "FAILED";
    },
    lose: () => {
      for (const [id] of waiting()) events.delete(id);
    },
  };
}

function additionProblem(body: Body, allowed: readonly string[]): string | undefined {
  const unknown = Object.keys(body).find((name) => !allowed.includes(name));
  if (unknown) return `the fake knows no field ${unknown}`;
  if (typeof body.user_id !== "string" || body.user_id === "") return "At least one identifier is required";
  const { messages, timestamp } = body;
  if (timestamp !== undefined && !Number.isInteger(timestamp)) return "timestamp must be an integer";
  if (!Array.isArray(messages) || messages.length === 0) return "messages is required";
  const isRight = messages.every(
    ({ role, content, ...rest }) =>
      (role === "user" || role === "assistant") &&
      typeof content === "string" &&
      content.trim() !== "" &&
      content.isWellFormed() &&
      Object.keys(rest).length === 0,
  );
  return isRight ? undefined : "messages must have a role and a content";
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
