import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { matchesFilter } from "../events/matchesFilter.ts";
import type { FunctionPool } from "../functions/FunctionPool.ts";
import { LocalError } from "../LocalError.ts";
import type { Poller } from "../Poller.ts";
import { pollQueue } from "../queues/pollQueue.ts";
import type { Checkpoints } from "../streams/Checkpoints.ts";
import { pollStream } from "../streams/pollStream.ts";
import { type Names, REGION } from "../template/Names.ts";
import { readResources } from "../template/readResources.ts";
import type { Template } from "../template/Template.ts";
import { type MappingSpec, mappingSpec } from "./mappingSpec.ts";

export interface MappingsOptions {
  readonly template: Template;
  readonly names: Names;
  /** By ARN. */
  readonly functions: ReadonlyMap<string, FunctionPool>;
  /** Queue ARN to address. */
  readonly queueUrls: ReadonlyMap<string, string>;
  readonly sqs: SQSClient;
  readonly streams: DynamoDBStreamsClient;
  readonly checkpoints: Checkpoints;
  readonly onError: (functionName: string, error: unknown) => void;
}

/** Starts every event source mapping of the template. @throws LocalError for one that the runner can't do */
export function startMappings(options: MappingsOptions): readonly Poller[] {
  const { template, names } = options;
  const mappings = readResources(template, "AWS::Lambda::EventSourceMapping", mappingSpec, names.lookup);
  // All are checked before one starts.
  const starts = mappings
    .filter(({ properties }) => properties.Enabled)
    .map(({ id, properties }) => prepare(options, id, properties));
  return starts.map((start) => start());
}

function prepare(options: MappingsOptions, id: string, mapping: MappingSpec): () => Poller {
  const { names, functions, queueUrls } = options;
  const arn = mapping.EventSourceArn;
  const functionArn = names.lookup(mapping.FunctionName, "Arn") ?? "";
  const pool = functions.get(functionArn);
  if (!pool) throw new LocalError(`the mapping ${id} of the template names an unknown function`);
  // An unknown operator or bad JSON stops the start, not the first record.
  for (const { Pattern } of mapping.FilterCriteria?.Filters ?? []) matchesFilter(JSON.parse(Pattern), {});
  const shared = {
    arn,
    region: REGION,
    mapping,
    invoke: (event: unknown) => pool.invoke(event),
    onError: (error: unknown) => options.onError(pool.spec.name, error),
  };
  const url = queueUrls.get(arn);
  if (url !== undefined) {
    if (mapping.FilterCriteria) throw new LocalError(`the mapping ${id}: filters of a queue are not supported locally`);
    const most = mapping.ScalingConfig?.MaximumConcurrency ?? pool.share;
    return () => pollQueue({ ...shared, client: options.sqs, url, pollers: Math.min(pool.share, most) });
  }
  const destination = mapping.DestinationConfig?.OnFailure.Destination;
  const failures = destination === undefined ? undefined : queueUrls.get(destination);
  if (destination !== undefined && failures === undefined) {
    throw new LocalError(`the mapping ${id}: its failure destination ${destination} is not a queue of the template`);
  }
  const sendFailure = async (body: string) => {
    await options.sqs.send(new SendMessageCommand({ QueueUrl: failures, MessageBody: body }));
  };
  const { streams: client, checkpoints } = options;
  return () =>
    pollStream({ ...shared, id, client, checkpoints, functionArn, ...(failures === undefined ? {} : { sendFailure }) });
}
