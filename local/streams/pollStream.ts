import { DescribeStreamCommand, type DynamoDBStreamsClient, type Shard } from "@aws-sdk/client-dynamodb-streams";
import type { MappingSpec } from "../mappings/mappingSpec.ts";
import type { Poller } from "../Poller.ts";
import { pause } from "../pause.ts";
import type { Checkpoints } from "./Checkpoints.ts";
import { pollShard } from "./pollShard.ts";

/** How often the stream is asked for new shards, milliseconds. The service splits shards every few hours at most. */
const SHARDS_MS = 60_000;

/** Milliseconds before the next try when the stream does not answer. */
const RETRY_MS = 1000;

export interface StreamPollerOptions {
  readonly client: DynamoDBStreamsClient;
  /** The mapping's logical id, under which its positions are kept. */
  readonly id: string;
  readonly arn: string;
  readonly region: string;
  readonly mapping: MappingSpec;
  readonly checkpoints: Checkpoints;
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Puts a message to the mapping's failure destination; absent: what is given up is only logged. */
  readonly sendFailure?: (message: string) => Promise<void>;
  readonly functionArn: string;
  readonly onError: (error: unknown) => void;
}

/** The event source mapping of a table's stream: every shard is read in order, a child after its parent. */
export function pollStream(options: StreamPollerOptions): Poller {
  const ending = new AbortController();
  const running = followShards(options, ending.signal);
  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}

async function followShards(options: StreamPollerOptions, signal: AbortSignal): Promise<void> {
  const polls = new Map<string, Promise<void>>();
  while (!signal.aborted) {
    try {
      for (const { ShardId: id = "", ParentShardId: parent } of await shards(options, signal)) {
        if (polls.has(id)) continue;
        const after = (parent === undefined ? undefined : polls.get(parent)) ?? Promise.resolve();
        polls.set(
          id,
          after.then(() => pollShard(options, id, signal)),
        );
      }
      await pause(SHARDS_MS, signal);
    } catch (error) {
      if (signal.aborted) break;
      options.onError(error);
      await pause(RETRY_MS, signal);
    }
  }
  await Promise.all(polls.values());
}

/** Parents come before their children in the service's answer. */
async function shards({ client, arn }: StreamPollerOptions, signal: AbortSignal): Promise<readonly Shard[]> {
  const found: Shard[] = [];
  let start: string | undefined;
  do {
    const command = new DescribeStreamCommand({ StreamArn: arn, ExclusiveStartShardId: start });
    const { StreamDescription: stream } = await client.send(command, { abortSignal: signal });
    found.push(...(stream?.Shards ?? []));
    start = stream?.LastEvaluatedShardId;
  } while (start !== undefined);
  return found;
}
