import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";
import type { Work } from "../../lib/adapter/testing/MemoryFixture.ts";

interface Document {
  readonly content: string;
  readonly timestamp: string;
}

interface Operation {
  readonly bank: string;
  readonly words: string;
  readonly items: readonly (Document & { readonly document_id: string })[];
  status: "pending" | "completed" | "failed";
}

export interface HindsightFake extends FaultServer, Work {
  readonly key: string;
  /** The banks' documents by their ids. */
  readonly banks: ReadonlyMap<string, ReadonlyMap<string, Document>>;
}

type Body = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * The part of Hindsight that is used, strict: a bank comes into being with its first document; an operation that was seen
 * does nothing again, whatever has become of it, and is refused for other words; a document replaces the one of its id. An
 * operation completes at once until it is held. What it recalls of a document are the lines of its user.
 * https://hindsight.vectorize.io
 */
export async function startHindsightFake(): Promise<HindsightFake> {
  const key = "hs-test-0123456789abcdef";
  const banks = new Map<string, Map<string, Document>>();
  const operations = new Map<string, Operation>();
  let holds = false;

  const complete = (operation: Operation): void => {
    const documents = banks.get(operation.bank) ?? new Map<string, Document>();
    for (const { document_id: id, content, timestamp } of operation.items) documents.set(id, { content, timestamp });
    banks.set(operation.bank, documents);
    operation.status = "completed";
  };
  const waiting = () => [...operations].filter(([, { status }]) => status === "pending");

  const retain = (bank: string, body: string): Answer => {
    const { async: isAsync, operation_id: operation, items, ...rest }: Body = JSON.parse(body);
    if (Object.keys(rest).length > 0 || isAsync !== true || !UUID.test(String(operation))) return json(422, {});
    if (!Array.isArray(items) || items.length === 0) return json(422, {});
    const words = `${bank} ${body}`;
    const before = operations.get(String(operation));
    if (before !== undefined && before.words !== words) return json(409, { detail: "operation_id is used" });
    if (before === undefined) {
      const begun: Operation = { bank, words, items, status: "pending" };
      operations.set(String(operation), begun);
      if (!holds) complete(begun);
    }
    return json(200, { success: true, bank_id: bank, items_count: items.length, async: true, operation_id: operation });
  };

  const statusOf = (bank: string, id: string): Answer => {
    const operation = operations.get(id);
    const isThere = operation?.bank === bank;
    const status = isThere ? operation.status : "not_found";
    return json(200, { operation_id: id, status, error_message: status === "failed" ? "the model said no" : null });
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
    const [, bank = "", rest = "", id = ""] =
      /^\/v1\/default\/banks\/([\w-]+)(?:\/(memories|memories\/recall|operations\/([\w-]+)))?$/.exec(path) ?? [];
    if (method === "GET" && UUID.test(id)) return statusOf(bank, id);
    if (method === "POST" && rest === "memories") return retain(bank, body);
    if (method === "POST" && rest === "memories/recall") return recall(bank, body);
    if (method === "DELETE" && bank && rest === "") {
      return banks.delete(bank) ? json(200, { success: true }) : json(404, { detail: "no such bank" });
    }
    return json(404, { detail: `no ${method} ${path}` });
  };

  return {
    ...(await startFaultServer(accept)),
    ...{ key, banks },
    hold: () => {
      holds = true;
    },
    finish: () => {
      for (const [, operation] of waiting()) complete(operation);
    },
    fail: () => {
      for (const [, operation] of waiting()) operation.status = "failed";
    },
    lose: () => {
      for (const [id] of waiting()) operations.delete(id);
    },
  };
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
