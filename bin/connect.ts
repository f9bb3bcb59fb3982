import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ulid } from "ulid";
import type { HookQueues } from "../lib/hooks/workHookJob.ts";
import { tableMemoryStore } from "../lib/memory/tableMemoryStore.ts";
import type { ParameterStore } from "../lib/operator/findSecrets.ts";
import type { AdapterServices } from "../lib/runtime/AdapterServices.ts";
import { clientDefaults } from "../lib/runtime/clientDefaults.ts";
import { knownSecrets } from "../lib/runtime/knownSecrets.ts";
import { nodeHttpClient } from "../lib/runtime/nodeHttpClient.ts";
import type { Queue, Services } from "../lib/runtime/Services.ts";
import { ssmSecrets } from "../lib/runtime/ssmSecrets.ts";
import type { Address } from "./Address.ts";
import { deployedAddress } from "./deployedAddress.ts";
import { localAddress } from "./localAddress.ts";
import { localClock } from "./localClock.ts";
import type { Target } from "./Target.ts";
import type { Terminal } from "./Terminal.ts";

/** A gateway as an operator reaches it; the same whether it runs on this machine or is deployed. */
export interface Gateway extends Disposable {
  readonly address: Address;
  readonly services: Pick<Services, "table" | "clock" | "newId" | "random">;
  readonly queues: HookQueues & Readonly<Record<Exclude<keyof Address["queueUrls"], "sessionEnd">, Queue>>;
  readonly parameters: ParameterStore;
  /** What a configured platform is made with. */
  readonly adapters: AdapterServices;
}

/**
 * Connects to the deployed stack that is named, or to the gateway that runs on this machine. The one place that knows
 * how. @throws what `deployedAddress` and `localAddress` throw
 */
export async function connect(
  terminal: Pick<Terminal, "env" | "clock">,
  { stack, ...target }: Target,
): Promise<Gateway> {
  const { env } = terminal;
  const address = stack === undefined ? localAddress(env) : await deployedAddress({ stack, ...target }, env);
  const clock = stack === undefined ? localClock(terminal) : terminal.clock;
  const { clients, queueUrls, secretsPrefix } = address;
  const database = new DynamoDBClient({ ...clientDefaults, ...clients.dynamodb });
  const sqs = new SQSClient({ ...clientDefaults, ...clients.sqs });
  const ssm = new SSMClient({ ...clientDefaults, ...clients.ssm });
  const secrets = knownSecrets(ssmSecrets(ssm, secretsPrefix, clock));
  const table = { client: DynamoDBDocumentClient.from(database), name: address.tableName };
  return {
    address,
    services: { table, clock, newId: () => ulid(clock.now()), random: Math.random },
    queues: {
      inbound: { client: sqs, url: queueUrls.inbound },
      inboundDeadLetters: { client: sqs, url: queueUrls.inboundDeadLetters },
      sessionEnd: new Map(Object.entries(queueUrls.sessionEnd).map(([name, url]) => [name, { client: sqs, url }])),
      deadLetters: { client: sqs, url: queueUrls.deadLetters },
      streamFailures: { client: sqs, url: queueUrls.streamFailures },
    },
    parameters: { client: ssm, prefix: secretsPrefix },
    adapters: {
      clock,
      http: secrets.shield(nodeHttpClient),
      secrets,
      memories: tableMemoryStore(table, clock),
    },
    [Symbol.dispose]() {
      for (const client of [database, sqs, ssm]) client.destroy();
    },
  };
}
