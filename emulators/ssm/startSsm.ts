import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { AwsError } from "../AwsError.ts";
import { checkAccessKey } from "../accessKey.ts";
import { isForThisMachine } from "../isForThisMachine.ts";
import { answer } from "./answer.ts";

/** What an emulator of the SSM Parameter Store serves. */
export interface SsmOptions {
  /** Port on 127.0.0.1; 0 or absent: any free one. */
  port?: number;
  /** Name to value; called for each request, so that a change shows at once. */
  parameters: () => ReadonlyMap<string, string>;
  /** The id of the access key that every request must be signed with; absent: any, or none. */
  accessKeyId?: string;
}

/** A running emulator. */
export interface Ssm {
  /** The address for an SDK client's `endpoint`. */
  readonly endpoint: string;
  /** Ends it, open connections included. */
  close(): Promise<void>;
}

/** GetParameter's requests are under 2 kB; anything near this is a mistake. */
const MAX_BYTES = 64 * 1024;

/** Starts a read-only SSM Parameter Store on 127.0.0.1: GetParameter, GetParameters and GetParametersByPath. */
export async function startSsm(options: SsmOptions): Promise<Ssm> {
  const server = createServer(async (request, response) => {
    let status = 200;
    let body: object;
    try {
      if (!isForThisMachine(request.headers.host))
        throw new AwsError("AccessDenied", "Ask 127.0.0.1.", { status: 403 });
      if (options.accessKeyId !== undefined) checkKey(request, options.accessKeyId);
      const action = String(request.headers["x-amz-target"]).replace(/^AmazonSSM\./, "");
      body = answer(options.parameters(), action, await read(request));
    } catch (error) {
      const fault =
        error instanceof AwsError ? error : new AwsError("InternalServerError", String(error), { status: 500 });
      status = fault.status;
      body = { __type: fault.code, message: fault.message };
    }
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ host: "127.0.0.1", port: options.port ?? 0 }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function checkKey(request: IncomingMessage, accessKeyId: string): void {
  const key = checkAccessKey(request, accessKeyId);
  if (key === "missing") {
    throw new AwsError("MissingAuthenticationTokenException", "Request is missing Authentication Token");
  }
  if (key === "wrong") {
    throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
}

async function read(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_BYTES)
      throw new AwsError("SerializationException", "The request is too long.", { status: 413 });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError("SerializationException", "The request is not JSON.");
  }
}
