import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { HookQueues } from "../../queues/sessionEndQueues.ts";
import type { ParameterReader } from "../../runtime/aws/parameterReader.ts";
import { jsonLogger } from "../../runtime/jsonLogger.ts";
import { knownSecrets } from "../../runtime/knownSecrets.ts";
import { nodeHttpClient } from "../../runtime/nodeHttpClient.ts";
import { redirectingClient } from "../../runtime/redirectingClient.ts";
import { ssmSecrets } from "../../runtime/ssmSecrets.ts";
import { ulid } from "../../runtime/ulid.ts";
import type { Queue, Services } from "../../services/Services.ts";
import { tableMemoryStore } from "../../store/memories.ts";
import type { ParameterStore } from "../findSecrets.ts";
import type { Address, Surroundings, Target } from "./address.ts";
import { callerOf } from "./callerOf.ts";
import { localAddress } from "./localAddress.ts";

/**
 * How an operator's clients wait, milliseconds; no function's time runs out meanwhile. The SDK takes waiting for one of a
 * client's 50 sockets for connecting: where the page has many calls under way on a slow machine, two seconds of it would
 * break off a bulk action.
 */
const PATIENT = {
  requestHandler: { connectionTimeout: 10_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
};

/** A gateway as an operator reaches it; the same whether it runs on this machine or is deployed. */
export interface Gateway extends Disposable {
  readonly address: Address;
  readonly services: Pick<Services, "table" | "clock" | "newId" | "random">;
  readonly queues: HookQueues & Readonly<Record<Exclude<keyof Address["queueUrls"], "sessionEnd">, Queue>>;
  readonly parameters: ParameterStore;
  /** Who the operator is, for the audit log. @throws CommandFailed */
  caller(): Promise<string>;
  /** What adapters are made with. */
  readonly adapters: AdapterServices;
  /** What the platform of that name is made with: a simulated one never reaches the vendor. */
  adaptersOf(platform: string): AdapterServices;
}

/**
 * Connects to the deployed stack that is named, or to the gateway that runs on this machine. The one place that knows
 * how. The surroundings' clock is to be the gateway's: see `gatewayClock`. @throws what `deployedAddress` and `localAddress` throw
 */
export async function connect(surroundings: Surroundings, { stack, ...target }: Target): Promise<Gateway> {
  const { env, clock } = surroundings;
  const address = stack === undefined ? localAddress(env) : await deployed({ stack, ...target }, env);
  const { clients, queueUrls, secretsPrefix } = address;
  const database = new DynamoDBClient({ ...PATIENT, ...clients.dynamodb });
  const sqs = new SQSClient({ ...PATIENT, ...clients.sqs });
  const ssm = new SSMClient({ ...PATIENT, ...clients.ssm });
  const secrets = knownSecrets(ssmSecrets(parametersOf(ssm), secretsPrefix, clock));
  let caller: Promise<string> | undefined;
  const table = { client: DynamoDBDocumentClient.from(database), name: address.tableName };
  const log = jsonLogger(clock, "warn", (line) => process.stderr.write(`${line}\n`), secrets.redact);
  const adapters: AdapterServices = {
    clock,
    log,
    // What an operator's tool does is not the gateway's traffic.
    metrics: { put: () => {} },
    http: secrets.redactingClient(nodeHttpClient),
    secrets,
    memories: tableMemoryStore(table, clock, log),
    // On this machine only the gateway's own services are emulated.
    aws: address.deployment ? { region: address.region, credentials: address.deployment.settings.credentials } : {},
  };
  return {
    address,
    services: { table, clock, newId: () => ulid(clock.now()), random: Math.random },
    queues: {
      inbound: { client: sqs, url: queueUrls.inbound },
      inboundDlq: { client: sqs, url: queueUrls.inboundDlq },
      sessionEnd: new Map(Object.entries(queueUrls.sessionEnd).map(([name, url]) => [name, { client: sqs, url }])),
      dlq: { client: sqs, url: queueUrls.dlq },
      streamFailures: { client: sqs, url: queueUrls.streamFailures },
    },
    parameters: { client: ssm, prefix: secretsPrefix },
    caller() {
      // A failure is not kept: the operators' page lives longer than it.
      caller ??= callerOf(address, { env, clock }, nodeHttpClient).catch((error: unknown) => {
        caller = undefined;
        throw error;
      });
      return caller;
    },
    adapters,
    adaptersOf(platform) {
      const { platforms = {} } = address.simulation ?? {};
      const url = Object.hasOwn(platforms, platform) ? platforms[platform] : undefined;
      return url === undefined ? adapters : { ...adapters, http: redirectingClient(adapters.http, url) };
    },
    [Symbol.dispose]() {
      for (const client of [database, sqs, ssm]) client.destroy();
    },
  };
}

/** Reads parameters as whoever runs the command, whose credentials the SDK finds. */
function parametersOf(client: SSMClient): ParameterReader {
  return async (names, abortSignal) => {
    const command = new GetParametersCommand({ Names: [...names], WithDecryption: true });
    const { Parameters = [] } = await client.send(command, { abortSignal });
    return new Map(Parameters.map(({ Name = "", Value = "" }) => [Name, Value]));
  };
}

/** Loaded when it is needed: the clients that find a stack take as long to load as all others together. */
async function deployed(target: Target & { readonly stack: string }, env: Surroundings["env"]): Promise<Address> {
  const { deployedAddress } = await import("./deployedAddress.ts");
  return deployedAddress(target, env);
}
