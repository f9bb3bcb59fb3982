import type { AddressInfo } from "node:net";
import { AwsError } from "../AwsError.ts";
import { checkAccessKey } from "../accessKey.ts";
import { isForThisMachine } from "../isForThisMachine.ts";
import { answer } from "./answer.ts";
import { errorAnswer } from "./errorAnswer.ts";
import { fauxqs } from "./fauxqs.ts";
import { MoveTasks } from "./MoveTasks.ts";
import type { Waiting } from "./Queue.ts";
import { QueueFile } from "./QueueFile.ts";
import { Store } from "./Store.ts";

const ACCOUNT = "000000000000";

const CONTENT_TYPE = "application/x-amz-json-1.0";

/** Where an emulator keeps its data and listens. */
export interface SqsOptions {
  /** Folder for the data; absent: in memory. One emulator at a time may use it. */
  path?: string;
  /** Port on 127.0.0.1; 0 or absent: any free one. */
  port?: number;
  /** The id of the access key that every request must be signed with; absent: any. */
  accessKeyId?: string;
  /** The longest that a receive waits for a message, milliseconds; absent: as long as it asks. Tests that step all senders need no wait. */
  longestWait?: number;
}

/** A running emulator. */
export interface Sqs {
  /** The address for an SDK client's `endpoint`. */
  readonly endpoint: string;
  /** The address that handlers get: http://127.0.0.1:PORT/000000000000/NAME. */
  queueUrl(name: string): string;
  /** What waits in a queue now, which clients learn by its attributes. @throws Error for a queue that is not there */
  waiting(queueUrl: string): Waiting;
  /** Ends it, also under waiting long polls; what was acknowledged is on disk. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Starts an SQS emulator on 127.0.0.1: fauxqs, with persistence that survives SIGKILL, dead-letter redrive and
 * a clock that is `Date.now()` at each call.
 * @throws SqsDataError when the data folder is in use, broken or not accessible
 */
export async function startSqs(options: SqsOptions = {}): Promise<Sqs> {
  const file = options.path === undefined ? undefined : new QueueFile(options.path);
  try {
    return await listen(file, options);
  } catch (error) {
    file?.close();
    throw error;
  }
}

async function listen(
  file: QueueFile | undefined,
  { port = 0, accessKeyId, longestWait = Infinity }: SqsOptions,
): Promise<Sqs> {
  const store = new Store(file);
  const tasks = new MoveTasks(store);
  const app = fauxqs.buildApp(store);
  let closing = false;

  app.addHook("onRequest", async (request, reply) => {
    if (!isForThisMachine(request.headers.host)) return reply.status(403).send({ message: "Ask 127.0.0.1" });
    // fauxqs also serves S3, SNS and its own pages on this port; nothing here needs them.
    const json = request.headers["content-type"]?.startsWith(CONTENT_TYPE) ?? false;
    if (request.method !== "POST" || request.url !== "/" || !json) {
      return reply.status(404).send({ message: `Not found: this is SQS, POST ${CONTENT_TYPE} to /` });
    }
    const key = accessKeyId === undefined ? "right" : checkAccessKey(request.raw, accessKeyId);
    if (key === "missing") {
      throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", { status: 403 });
    }
    if (key === "wrong") {
      throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", {
        status: 403,
      });
    }
  });

  app.addHook("preHandler", async (request, reply) => {
    const action = String(request.headers["x-amz-target"]).replace(/^AmazonSQS\./, "");
    const gone = () => closing || request.raw.socket.destroyed;
    const result = await answer(store, tasks, action, request.body, { gone, longestWait });
    if (result) return reply.header("content-type", CONTENT_TYPE).send(result);
  });

  app.addHook("preSerialization", async (request, _reply, payload) => {
    // A client reaches a queue at the host that it used for the request, whatever port an earlier run had.
    const url = (stored: string) => stored.replace(/^http:\/\/[^/]+/, `http://${request.headers.host}`);
    return withUrls(payload, url);
  });

  app.setErrorHandler((error, _request, reply) => {
    const fault = error instanceof AwsError ? error : unexpected(error);
    const { body, queryError } = errorAnswer(fault);
    return reply
      .status(fault.status)
      .header("content-type", CONTENT_TYPE)
      .header("x-amzn-query-error", queryError)
      .send(body);
  });

  await app.listen({ host: "127.0.0.1", port });
  const { port: actual } = app.server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${actual}`;
  return {
    endpoint,
    queueUrl: (name) => `${endpoint}/${ACCOUNT}/${name}`,
    waiting(queueUrl) {
      const queue = store.getQueue(queueUrl);
      if (!queue) throw new Error(`there is no queue ${queueUrl}`);
      return queue.waiting();
    },
    async close() {
      closing = true;
      tasks.close();
      await app.close();
      file?.close();
    },
  };
}

function unexpected(error: unknown): AwsError {
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SyntaxError) return new AwsError("SerializationException", message);
  if (status >= 400 && status < 500) return new AwsError("InvalidRequest", message, { status });
  return new AwsError("InternalFailure", message, { status: 500 });
}

function withUrls(payload: unknown, url: (stored: string) => string): unknown {
  if (!(payload instanceof Object)) return payload;
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => {
      if (key === "QueueUrl" && typeof value === "string") return [key, url(value)];
      if (/^queueUrls$/i.test(key) && Array.isArray(value)) return [key, value.map(String).map(url)];
      return [key, value];
    }),
  );
}
