import { SQSClient } from "@aws-sdk/client-sqs";
import { vi } from "vitest";

/** What the clients' commands are called in IAM, where that is another name. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ Get: "GetItem", Put: "PutItem", Update: "UpdateItem", Delete: "DeleteItem", BatchGet: "BatchGetItem" },
  ...{ SendMessageBatch: "SendMessage", DeleteMessageBatch: "DeleteMessage", TransactWrite: "UpdateItem" },
};

/**
 * Records the IAM actions of the calls of AWS's SDK, such as `dynamodb:Query`; a query of an index is `dynamodb:Query index`.
 *
 * @param region only of clients of this one: the gateway of a test, which works in the same process, has another
 */
export function recordCalls(region: string) {
  const calls = new Set<string>();
  const base: { send: (...args: unknown[]) => unknown } = Object.getPrototypeOf(SQSClient.prototype);
  const { send } = base;
  const spy = vi.spyOn(base, "send").mockImplementation(function (this: unknown, ...args: unknown[]) {
    const [command] = args;
    const name = String(Object(command).constructor.name).replace(/Command$/, "");
    const service = serviceOf(this);
    const isIndex = service === "dynamodb" && "IndexName" in Object(Object(command).input);
    void Promise.resolve(Object(this).config.region()).then((own) => {
      if (own === region) calls.add(`${service}:${NAMES[name] ?? name}${isIndex ? " index" : ""}`);
    });
    return Reflect.apply(send, this, args);
  });
  return { calls, [Symbol.dispose]: () => spy.mockRestore() };
}

function serviceOf(client: unknown): string {
  const id = String(Object(Object(client).config).serviceId);
  return id.startsWith("DynamoDB") ? "dynamodb" : id.toLowerCase();
}
