import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { crc32 } from "node:zlib";
import { checkAccessKey } from "../accessKey.ts";
import { isForThisMachine } from "../isForThisMachine.ts";
import { type Answer, answer } from "./answer.ts";
import type { Engine } from "./engine.ts";

/** Bytes; the service's limit, which a BatchWriteItem can reach. */
const MAX_REQUEST = 16 * 1024 * 1024;

/** The server, and what it does. */
export interface Serving {
  readonly server: Server;
  /** Resolves when nothing is being answered, also where whoever asked has gone. */
  answered(): Promise<unknown>;
}

/**
 * An HTTP server that speaks the protocol of DynamoDB and of DynamoDB Streams.
 *
 * @param accessKeyId the id of the access key that every request must be signed with; undefined: any
 */
export function serve(engine: Engine, accessKeyId: string | undefined): Serving {
  const answering = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_REQUEST) chunks.push(chunk);
    });
    request.on("error", () => response.destroy());
    request.on("end", () => {
      const answer = respond(engine, accessKeyId, request, response, size, chunks);
      answering.add(answer);
      void answer.finally(() => answering.delete(answer));
    });
  });
  return { server, answered: () => Promise.all(answering) };
}

async function respond(
  engine: Engine,
  accessKeyId: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  size: number,
  chunks: Buffer[],
): Promise<void> {
  if (!isForThisMachine(request.headers.host)) return send(response, { statusCode: 403, body: {} });
  if (size > MAX_REQUEST) return send(response, { statusCode: 413, body: {} });
  // What the service answers to a load balancer, or to someone with a browser.
  if (request.method === "GET") return send(response, { statusCode: 200, body: { healthy: true } });
  const target = String(request.headers["x-amz-target"] ?? "");
  const key = checkAccessKey(request, accessKeyId);
  send(response, await answer(engine, target, key, Buffer.concat(chunks).toString()));
}

function send(response: ServerResponse, { statusCode, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(statusCode, {
    "content-type": "application/x-amz-json-1.0",
    "content-length": Buffer.byteLength(text),
    "x-amzn-requestid": randomUUID(),
    "x-amz-crc32": crc32(text),
  });
  response.end(text);
}
