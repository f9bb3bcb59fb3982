import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";

type Body = Readonly<Record<string, unknown>>;

/** A message as Honcho keeps it. */
interface Kept {
  readonly id: string;
  readonly session_id: string;
  readonly peer_id: string;
  readonly content: string;
  readonly metadata: Body;
  readonly created_at: string;
}

interface Conclusion {
  readonly id: string;
  readonly observer_id: string;
  readonly observed_id: string;
  /** Absent of what was concluded from several sessions. */
  readonly session_id: string | null;
  readonly content: string;
  readonly created_at: string;
}

export interface HonchoFake extends FaultServer {
  readonly key: string;
  readonly workspace: string;
  readonly messages: readonly Kept[];
  readonly conclusions: readonly Conclusion[];
  /** The peers' cards. */
  readonly cards: ReadonlyMap<string, readonly string[]>;
  /** Concludes something of a peer from all its sessions, and writes its card, as the service does in idle hours. */
  dream(peer: string): void;
}

const ID = /^[a-zA-Z0-9_-]{1,512}$/;

const MOST_MESSAGES = 100;

const MOST_CHARACTERS = 25_000;

/**
 * The part of Honcho that is used, strict: an unknown field is refused, which the real one ignores. Sessions and peers come
 * into being with their first message. A message of a peer is concluded as it stands, but for those that say that no
 * reasoning is wanted. https://docs.honcho.dev/v3/api-reference
 */
export async function startHonchoFake(): Promise<HonchoFake> {
  const [key, workspace] = ["hch-test-0123456789abcdef", "gateway"];
  const messages: Kept[] = [];
  const conclusions: Conclusion[] = [];
  const cards = new Map<string, readonly string[]>();
  let count = 0;

  const create = (session: string, { messages: given, ...rest }: Body): Answer => {
    if (Object.keys(rest).length > 0 || !Array.isArray(given) || !given.every(isMessage)) return json(422, {});
    if (given.length < 1 || given.length > MOST_MESSAGES) return json(422, { detail: "1 to 100 messages" });
    const made = given.map(({ peer_id, content, metadata = {}, configuration, created_at }): Kept => {
      const message = { id: `msg-${++count}`, session_id: session, peer_id, content, metadata, created_at };
      messages.push(message);
      if (configuration?.reasoning.enabled !== false) conclude(peer_id, session, content, created_at);
      return message;
    });
    return json(
      201,
      made.map((message) => ({ ...message, workspace_id: workspace, token_count: 1 })),
    );
  };

  const conclude = (peer: string, session: string | null, content: string, at: string) => {
    const of = { observer_id: peer, observed_id: peer, session_id: session };
    conclusions.push({ id: `con_${++count}`, ...of, content, created_at: at });
  };

  const ofPeer = (filters: unknown) => {
    const { observer_id: observer, observed_id: observed, ...rest } = filters as Body;
    if (Object.keys(rest).length > 0 || !observer || !observed) return undefined;
    return conclusions.filter((one) => one.observer_id === observer && one.observed_id === observed);
  };

  const query = ({ query: words, top_k: most, filters, ...rest }: Body): Answer => {
    const found = ofPeer(filters);
    if (Object.keys(rest).length > 0 || typeof words !== "string" || words === "" || !found) return json(422, {});
    if (!Number.isInteger(most) || Number(most) < 1 || Number(most) > 100) return json(422, {});
    return json(200, found.slice(0, Number(most)));
  };

  const accept = ({ method, path, headers, body }: SeenRequest): Answer => {
    if (headers.authorization !== `Bearer ${key}`) return json(401, { detail: "Invalid API key" });
    const { pathname, searchParams } = new URL(path, "http://honcho.test");
    const given: Body = body === "" ? {} : JSON.parse(body);
    const rest = pathname.replace(`/v3/workspaces/${workspace}/`, "");
    const [, kind = "", id = "", part = ""] = /^(\w+)(?:\/([\w-]+)(?:\/(.+))?)?$/.exec(rest) ?? [];
    if (pathname === "/v3/workspaces" && given.id === workspace) return json(200, { id: workspace });
    switch (`${method} ${kind} ${part}`) {
      case "POST peers ":
      case "POST sessions ":
        return id === "" && ID.test(String(given.id)) ? json(200, { id: given.id, metadata: {} }) : json(422, {});
      case "POST sessions messages":
        return create(id, given);
      case "POST sessions messages/list": {
        const wanted = Object.entries(((given.filters as Body).metadata ?? {}) as Body);
        const found = messages.filter(
          (one) => one.session_id === id && wanted.every(([name, value]) => one.metadata[name] === value),
        );
        return page(found, searchParams);
      }
      case "DELETE sessions ": {
        if (!messages.some(({ session_id }) => session_id === id)) return json(404, { detail: "Session not found" });
        drop(messages, ({ session_id }) => session_id === id);
        drop(conclusions, ({ session_id }) => session_id === id);
        return json(202, { message: "Session deleted successfully" });
      }
      case "POST conclusions ":
        if (id === "query") return query(given);
        return id === "list" ? page(ofPeer(given.filters) ?? [], searchParams) : json(404, {});
      case "DELETE conclusions ":
        if (!conclusions.some((one) => one.id === id)) return json(404, { detail: "Conclusion not found" });
        drop(conclusions, (one) => one.id === id);
        return { status: 204 };
      case "PUT peers card":
        cards.set(id, given.peer_card as readonly string[]);
        return json(200, given);
      default:
        return json(404, { detail: `no ${method} ${pathname}` });
    }
  };

  return {
    ...(await startFaultServer(accept)),
    ...{ key, workspace, messages, conclusions, cards },
    dream: (peer) => {
      conclude(peer, null, "They are a person of habit.", "2026-03-02T00:00:00Z");
      cards.set(peer, ["Name: Ana"]);
    },
  };
}

function isMessage({ peer_id, content, metadata, configuration, created_at, ...rest }: Body): boolean {
  return (
    Object.keys(rest).length === 0 &&
    ID.test(String(peer_id)) &&
    typeof content === "string" &&
    content.trim() !== "" &&
    content.isWellFormed() &&
    [...content].length <= MOST_CHARACTERS &&
    typeof metadata === "object" &&
    (configuration === undefined || JSON.stringify(configuration) === '{"reasoning":{"enabled":false}}') &&
    !Number.isNaN(Date.parse(String(created_at)))
  );
}

function page(found: readonly object[], params: URLSearchParams): Answer {
  const [number, size] = [Number(params.get("page")), Number(params.get("size"))];
  const items = found.slice((number - 1) * size, number * size);
  return json(200, { items, total: found.length, page: number, size, pages: Math.ceil(found.length / size) });
}

function drop<Item>(list: Item[], isWanted: (item: Item) => boolean): void {
  for (const item of list.filter(isWanted)) list.splice(list.indexOf(item), 1);
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
