import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";

/** A memory as Mem0 keeps it. */
interface Kept {
  readonly id: string;
  readonly memory: string;
  readonly user_id: string;
  readonly run_id?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly created_at: string;
}

export interface Mem0Fake extends FaultServer {
  readonly key: string;
  readonly memories: readonly Kept[];
  /** From now on what is added is not extracted until `extract` is called, as on the platform. */
  lag(): void;
  extract(): void;
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
  const waiting: Kept[] = [];
  const memories: Kept[] = [];
  let lags = false;
  let count = 0;

  const add = (body: Body): void => {
    const messages = body.messages as readonly { readonly role: string; readonly content: string }[];
    for (const { role, content } of messages) {
      if (role !== "user") continue;
      count++;
      (lags ? waiting : memories).push({
        id: `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`,
        memory: content,
        user_id: String(body.user_id),
        ...(body.run_id === undefined ? {} : { run_id: String(body.run_id) }),
        metadata: body.metadata as Body,
        created_at: new Date(Number(body.timestamp ?? 0) * 1000).toISOString(),
      });
    }
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
        add(given);
        return json(200, { event_id: `10000000-0000-4000-8000-${String(count).padStart(12, "0")}`, status: "PENDING" });
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
        forget(user);
        return { status: 204 };
      default:
        return json(404, { detail: `no ${call}` });
    }
  };

  const serve = (call: string, url: URL, given: Body, user: string | null): Answer => {
    switch (call) {
      case "POST /memories": {
        const problem = additionProblem(given, ["messages", "user_id", "run_id", "metadata"]);
        if (problem) return json(400, { detail: problem });
        add(given);
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
    lag: () => {
      lags = true;
    },
    extract: () => {
      memories.push(...waiting.splice(0));
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
