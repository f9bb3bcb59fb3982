import { dirname, join, resolve } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { configWarnings } from "../lib/config/configWarnings.ts";
import { loadConfig } from "../lib/config/loadConfig.ts";
import { secretNames, secretRefs } from "../lib/config/secrets.ts";
import { readSessionEndOutputs } from "../lib/config/sessionEndOutputs.ts";
import { systemClock } from "../lib/domain/observability.ts";
import type { StackFile } from "../lib/operator/gateway/stackFile.ts";
import { jsonLogger } from "../lib/runtime/jsonLogger.ts";
import { knownSecrets } from "../lib/runtime/knownSecrets.ts";
import { nodeHttpClient } from "../lib/runtime/nodeHttpClient.ts";
import { tableMemoryStore } from "../lib/store/memories.ts";
import { createResources } from "./createResources.ts";
import { makeDataFolder } from "./files/makeDataFolder.ts";
import { removeStackFile, writeStackFile } from "./files/stackFile.ts";
import { bundleFunctions, functionSources } from "./functions/bundleFunctions.ts";
import { createFunctions } from "./functions/createFunctions.ts";
import { FunctionLogs } from "./functions/FunctionLogs.ts";
import { warmUp } from "./functions/warmUp.ts";
import { newAccessKey } from "./http/accessKey.ts";
import { nameApis, readRoutes } from "./http/readRoutes.ts";
import { startHttp } from "./http/startHttp.ts";
import type { LocalOptions } from "./LocalOptions.ts";
import type { LabState } from "./lab/Lab.ts";
import { startLab } from "./lab/startLab.ts";
import { startMappings } from "./mappings/startMappings.ts";
import type { Poller } from "./Poller.ts";
import { pollPlatforms } from "./pollPlatforms.ts";
import { startSchedules } from "./schedules/startSchedules.ts";
import { localSecrets } from "./secrets/localSecrets.ts";
import { prepareSecrets } from "./secrets/prepareSecrets.ts";
import { secretsNow } from "./secrets/secretsNow.ts";
import { type Simulators, startSimulators } from "./simulators/startSimulators.ts";
import { startEmulators } from "./startEmulators.ts";
import { Checkpoints } from "./streams/Checkpoints.ts";
import { makeTemplate } from "./template/makeTemplate.ts";
import { Names, REGION } from "./template/Names.ts";
import { resolveValue } from "./template/resolveValue.ts";
import { parseTemplate, type Template } from "./template/Template.ts";

/** How long what runs may go on after a stop, milliseconds; then it is cut off, and comes again at the next start. */
const GRACE_MS = 1000;

/** A gateway that runs on this machine. */
export interface LocalGateway {
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** What `<data>/stack.json` says. */
  readonly stack: StackFile;
  /** The config's secrets that were made up at this start, and those that `.env` still lacks. */
  readonly secrets: { readonly generated: readonly string[]; readonly missing: readonly string[] };
  /** What was tried out when it was last stopped, and still holds. */
  readonly lab: LabState;
  /** Messages that were being worked, or waited, when the gateway was last stopped: they go on when their time is over. */
  readonly interrupted: number;
  /** What is allowed in the config but surprises. */
  readonly warnings: readonly string[];
  /** Resolves when each function was loaded, or is known not to load, which is told where its other errors are. */
  readonly loaded: Promise<void>;
  /** Ends everything within two seconds. */
  stop(): Promise<void>;
}

/**
 * Runs the whole gateway on this machine, from the template that is deployed: emulators, tables, queues, functions in
 * threads, what feeds them, schedules and routes. Resolves when `GET /healthz` answers 200.
 *
 * @throws VesperError, DataFolderError or SqsDataError when it can't; then nothing of it runs any more
 */
export async function startLocal(options: LocalOptions): Promise<LocalGateway> {
  const started = new AsyncDisposableStack();
  try {
    return await start(options, started);
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}

async function start(options: LocalOptions, started: AsyncDisposableStack): Promise<LocalGateway> {
  const { stackName = "Vesper", poolSize: size = 4, root = join(import.meta.dirname, "..") } = options;
  const dataPath = resolve(options.dataPath);
  const configPath = resolve(options.configPath);
  const envPath = join(dirname(configPath), ".env");
  const secretsPrefix = `/vesper/${stackName}`;
  const env = options.env ?? process.env;
  const credentials = newAccessKey();

  makeDataFolder(dataPath);
  const lab = started.use(startLab(dataPath));
  const logs = new FunctionLogs(join(dataPath, "logs"), options.print ?? (() => undefined));
  started.defer(() => logs.close());
  const http = await startHttp(options.port, (error) => logs.fail("http", error));
  started.defer(() => http.close(GRACE_MS));

  const making = options.template
    ? { template: options.template, keep: () => {} }
    : makeTemplate(join(dataPath, "template.json"), { stackName, configPath });
  // None before the config is read: nobody asks earlier.
  let [wanted, simulators]: [readonly string[], Simulators | undefined] = [[], undefined];
  const values = () => new Map([...localSecrets(envPath, wanted, env), ...(simulators?.secrets ?? [])]);
  const [config, endpoints, made, bundled] = await settled([
    loadConfig(configPath),
    startEmulators({
      dataPath,
      endpoints: options.endpoints ?? {},
      accessKeyId: credentials.accessKeyId,
      parameters: () => prefixed(secretsPrefix, values()),
      onStarted: (close) => started.defer(close),
    }),
    Promise.resolve(making),
    bundleFunctions({ entries: functionSources(root), configPath, folder: join(dataPath, "functions") }),
  ]);
  const template = parseTemplate(made.template);
  // Only now that the emulators have taken the data folder for this process.
  made.keep();
  const refs = secretRefs(config);
  wanted = secretNames(config);
  const { platforms } = config;
  const { simulate = false } = options;
  const onStarted = (close: () => Promise<void>) => started.defer(close);
  const simulating = await startSimulators({ platforms, given: values(), all: simulate, onStarted });
  simulators = simulating;
  const secrets = prepareSecrets(
    envPath,
    refs.filter(({ secret }) => !simulating.secrets.has(secret)),
    env,
  );

  const client = { region: REGION, credentials };
  const dynamodb = started.adopt(new DynamoDBClient({ ...client, endpoint: endpoints.dynamodb }), destroy);
  const streams = started.adopt(new DynamoDBStreamsClient({ ...client, endpoint: endpoints.dynamodb }), destroy);
  const sqs = started.adopt(new SQSClient({ ...client, endpoint: endpoints.sqs }), destroy);

  const names = new Names(stackName);
  nameApis(template, names, http.url);
  const queueUrls = await createResources({ template, stackName, names, dynamodb, sqs });
  const outputs = readOutputs(template, names);
  const interrupted = await countInFlight(sqs, outputs.InboundQueueUrl);
  const functions = createFunctions({
    ...{ template, names, endpoints, accessKey: credentials, root, dataPath, offset: lab.offset, size },
    simulated: simulating.urls,
    bundles: bundled.keep(),
    writeLine: logs.write,
  });
  const routes = readRoutes(template, names, functions);

  const checkpoints = new Checkpoints(join(dataPath, "streams.json"));
  const ending = new AbortController();
  // What the stop itself breaks off comes again at the next start, and is no failure.
  const onError = (functionName: string, error: unknown) => {
    if (!ending.signal.aborted) logs.fail(functionName, error);
  };
  const pollers: Poller[] = [];
  // Together: a poller waits for its invocations, which the pools end in time.
  started.defer(async () => {
    ending.abort();
    const pools = [...functions.values()].map((pool) => pool.close(GRACE_MS));
    await Promise.all([http.close(GRACE_MS), ...pollers.map((poller) => poller.stop()), ...pools]);
  });
  // In the background: the first message finds its functions loaded, and one that can't be loaded says so now.
  const loaded = warmUp([...functions.values()], onError, ending.signal);
  pollers.push(...startMappings({ template, names, functions, queueUrls, sqs, streams, checkpoints, onError }));
  const schedules = startSchedules({ template, names, functions, onError });
  pollers.push(...schedules);

  const { url, port } = http;
  const known = knownSecrets(secretsNow(values));
  const table = { client: DynamoDBDocumentClient.from(dynamodb), name: outputs.TableName ?? "" };
  const log = jsonLogger(systemClock, "warn", (line) => process.stderr.write(`${line}\n`), known.redact);
  const adapters = {
    ...{ log, clock: systemClock, secrets: known, http: known.redactingClient(nodeHttpClient) },
    memories: tableMemoryStore(table, systemClock, log),
    // What a simulator and a poll do is not the gateway's traffic.
    metrics: { put: () => {} },
    aws: {},
  };
  const simulation = await simulating.serve(adapters, url);
  const stack: StackFile = {
    ...{ pid: process.pid, stackName, port, url, region: REGION, endpoints, credentials },
    tableName: table.name,
    ...(simulation ? { simulation } : {}),
    queueUrls: {
      inbound: outputs.InboundQueueUrl ?? "",
      inboundDlqMessage: outputs.InboundDlqUrl ?? "",
      sessionEnd: readSessionEndOutputs(outputs),
      sessionEndDlqMessage: outputs.SessionEndDlqUrl ?? "",
      streamFailures: outputs.StreamFailuresQueueUrl ?? "",
    },
    ...{ clockOffset: lab.state.clockOffset, outputs, secretsPrefix, configPath, envPath, dataPath },
  };
  writeStackFile(stack);
  started.defer(() => removeStackFile(dataPath));
  const onMoved = (clockOffset: number) => {
    for (const schedule of schedules) schedule.restart();
    writeStackFile({ ...stack, clockOffset });
  };
  lab.follow(onMoved, (error) => onError("lab", error));
  http.serve(routes);
  const real = Object.entries(platforms).filter(([name]) => !Object.hasOwn(simulating.urls, name));
  const print = (line: string) => options.print?.(known.redact(line));
  const polling = pollPlatforms({ config: { platforms: Object.fromEntries(real) }, adapters, url, print });
  started.defer(() => polling.stop());
  return {
    ...{ loaded, url, stack, secrets, warnings: configWarnings(config), interrupted, lab: lab.state },
    stop: () => started.disposeAsync(),
  };
}

/** Before anything polls the queue, so that all of them are from the last run. */
async function countInFlight(sqs: SQSClient, url: string | undefined): Promise<number> {
  if (url === undefined) return 0;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessagesNotVisible"] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
}

/** All of them, or the first failure once none is under way any more: nothing starts behind the clean-up's back. */
async function settled<Promises extends readonly Promise<unknown>[]>(promises: readonly [...Promises]) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

function prefixed(prefix: string, values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...values].map(([name, value]) => [`${prefix}/${name}`, value]));
}

/** Outputs that name what is not made here, such as the dashboard, are left out. */
function readOutputs(template: Template, names: Names): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(template.Outputs ?? {}).flatMap(([name, { Value: value }]) => {
      let here = true;
      const resolved = resolveValue(value, (...reference) => {
        const known = names.lookup(...reference);
        here &&= known !== undefined;
        return known ?? "";
      });
      return here ? [[name, String(resolved)]] : [];
    }),
  );
}

function destroy(client: { destroy(): void }): void {
  client.destroy();
}
