import { once } from "node:events";
import type { Engine } from "./engine.ts";
import { expireItems } from "./expireItems.ts";
import { findStream } from "./findStream.ts";
import { forgetTokens } from "./forgetTokens.ts";
import { openDatabase } from "./openDatabase.ts";
import { repeat } from "./repeat.ts";
import { type Serving, serve } from "./serve.ts";
import { trimStream } from "./trimStream.ts";

/** How to start a DynamoDB of one's own. */
export interface DynamoDbOptions {
  /** Folder for the data; absent: in memory. */
  path?: string;
  /** Port on 127.0.0.1; 0 or absent: any free one. */
  port?: number;
  /** How often expired items are looked for, milliseconds (default 1000); 0: only when `expire()` is called. */
  ttlInterval?: number;
  /** The id of the access key that every request must be signed with; absent: any. */
  accessKeyId?: string;
}

/** A DynamoDB with Streams that is up. */
export interface DynamoDb {
  /** The URL for both clients, DynamoDB's and DynamoDB Streams'. */
  readonly endpoint: string;
  /** The number of a stream's last record, from 1; 0: it has none yet. @throws AwsError for a stream that is not there */
  lastRecord(streamArn: string): number;
  /** Deletes every expired item now, as the TTL service would; answers how many. */
  expire(): Promise<number>;
  /** Ends what is being answered, then the server, then the store. */
  close(): Promise<void>;
}

/** Milliseconds that requests have to end when the server closes; the store waits for its writes in any case. */
const GRACE = 1000;

/**
 * Starts a DynamoDB with Streams, TTL and transactions on the loopback interface.
 *
 * @throws DataFolderError when the folder is in use, broken or cannot be written to
 */
export async function startDynamoDb(options: DynamoDbOptions = {}): Promise<DynamoDb> {
  const engine = await openDatabase(options.path);
  const serving = serve(engine, options.accessKeyId);
  const { server } = serving;
  try {
    server.listen(options.port ?? 0, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    await engine.db.close();
    throw error;
  }
  const stopSweeping = repeat(options.ttlInterval ?? 1000, () => sweep(engine));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  let closed: Promise<void> | undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    lastRecord: (streamArn) => findStream(engine, streamArn).last,
    expire: () => expireItems(engine),
    close() {
      closed ??= close(engine, serving, stopSweeping);
      return closed;
    },
  };
}

async function sweep(engine: Engine): Promise<void> {
  // A store that is torn is opened anew even when nobody writes.
  await engine.alone(async () => {});
  await expireItems(engine);
  for (const stream of engine.streams.values()) await trimStream(engine, stream);
  await forgetTokens(engine);
}

async function close(engine: Engine, serving: Serving, stopSweeping: () => Promise<void>): Promise<void> {
  const { server } = serving;
  await stopSweeping();
  const ended = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE);
  await ended;
  clearTimeout(timer);
  await serving.answered();
  // Whatever waits for its turn to write has had it, and nothing more will be written, torn or not.
  engine.isTorn = false;
  await engine.alone(() => engine.db.close());
}
