import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";

interface Document {
  readonly content: string;
  readonly timestamp: string;
}

export interface HindsightFake extends FaultServer {
  readonly key: string;
  /** The banks' documents by their ids. */
  readonly banks: ReadonlyMap<string, ReadonlyMap<string, Document>>;
}

type Body = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * The part of Hindsight that is used, strict: a bank comes into being with its first document; an operation that was seen
 * does nothing again, and is refused for other words; a document replaces the one of its id. What it recalls of a document are
 * the lines of its user. https://hindsight.vectorize.io
 */
export async function startHindsightFake(): Promise<HindsightFake> {
  const key = "hs-test-0123456789abcdef";
  const banks = new Map<string, Map<string, Document>>();
  const operations = new Map<string, string>();

  const retain = (bank: string, body: string): Answer => {
    const { async: isAsync, operation_id: operation, items, ...rest }: Body = JSON.parse(body);
    if (Object.keys(rest).length > 0 || isAsync !== true || !UUID.test(String(operation))) return json(422, {});
    if (!Array.isArray(items) || items.length === 0) return json(422, {});
    const words = `${bank} ${body}`;
    const before = operations.get(String(operation));
    if (before !== undefined && before !== words) return json(409, { detail: "operation_id is used" });
    operations.set(String(operation), words);
    const documents = banks.get(bank) ?? new Map<string, Document>();
    for (const { document_id: id, content, timestamp } of items) {
      if (before === undefined) documents.set(String(id), { content, timestamp });
    }
    banks.set(bank, documents);
    return json(200, { success: true, bank_id: bank, items_count: items.length, async: true, operation_id: operation });
  };

  const recall = (bank: string, body: string): Answer => {
    const { query, budget, max_tokens: most, include, ...rest }: Body = JSON.parse(body);
    if (Object.keys(rest).length > 0 || typeof query !== "string" || query === "") return json(422, {});
    if (budget !== "low" || !Number.isInteger(most) || JSON.stringify(include) !== '{"entities":null}')
      return json(422, {});
    const documents = banks.get(bank);
    if (!documents) return json(404, { detail: "no such bank" });
    const results = [...documents].flatMap(([id, { content, timestamp }]) =>
      content
        .split("\n")
        .map((line) => JSON.parse(line))
        .filter(({ role }) => role === "user")
        .map((line, i) => ({ id: `${id}-${i}`, text: line.content, type: "world", mentioned_at: timestamp })),
    );
    return json(200, { results });
  };

  const accept = ({ method, path, headers, body }: SeenRequest): Answer => {
    if (headers.authorization !== `Bearer ${key}`) return json(401, { detail: "Unauthorized" });
    const [, bank = "", rest = ""] = /^\/v1\/default\/banks\/([\w-]+)(?:\/(memories(?:\/recall)?))?$/.exec(path) ?? [];
    if (method === "POST" && rest === "memories") return retain(bank, body);
    if (method === "POST" && rest === "memories/recall") return recall(bank, body);
    if (method === "DELETE" && bank && rest === "") {
      return banks.delete(bank) ? json(200, { success: true }) : json(404, { detail: "no such bank" });
    }
    return json(404, { detail: `no ${method} ${path}` });
  };

  return { ...(await startFaultServer(accept)), key, banks };
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
