import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ulid } from "ulid";
import { clientDefaults } from "../lib/runtime/clientDefaults.ts";
import type { Queue, Services } from "../lib/runtime/Services.ts";
import { readStack, type Stack } from "./readStack.ts";
import { stackPath } from "./stackPath.ts";
import type { Terminal } from "./Terminal.ts";

/** The emulators take any; the SDK wants some. */
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** A gateway as an operator reaches it. */
export interface Gateway extends Disposable {
  readonly services: Pick<Services, "table" | "clock" | "newId">;
  readonly queues: { readonly sessionEnd: Queue; readonly deadLetters: Queue };
  readonly stack: Stack;
}

/** Connects to the gateway that runs on this machine. The one place that knows how. @throws NotRunning */
export function connect({ env, clock }: Pick<Terminal, "env" | "clock">): Gateway {
  const stack = readStack(stackPath(env));
  const { region, endpoints, queueUrls } = stack;
  const common = { ...clientDefaults, region, credentials: CREDENTIALS };
  const database = new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb });
  const sqs = new SQSClient({ ...common, endpoint: endpoints.sqs });
  return {
    services: {
      table: { client: DynamoDBDocumentClient.from(database), name: stack.tableName },
      clock,
      newId: () => ulid(clock.now()),
    },
    queues: {
      sessionEnd: { client: sqs, url: queueUrls.sessionEnd },
      deadLetters: { client: sqs, url: queueUrls.sessionEndDeadLetter },
    },
    stack,
    [Symbol.dispose]() {
      database.destroy();
      sqs.destroy();
    },
  };
}
