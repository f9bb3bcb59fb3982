import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";

/** The world's webhooks over HTTP, as the HTTP API serves them. */
export interface FrontDoor {
  /** Such as `http://127.0.0.1:1234`; the webhooks are below `/webhooks`. */
  readonly url: string;
  /** Whether the gateway works on what came in at once. */
  answers: boolean;
  /** Lets the gateway work until nothing is left to do, after what it works on already. */
  settle(): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** Serves until it is closed. */
export async function startFrontDoor(harness: GatewayHarness): Promise<FrontDoor> {
  const server = createServer(async (request, response) => {
    if (request.url === "/healthz") {
      response.writeHead(200).end("{}");
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const platform = request.url?.split("/").at(-1) ?? "";
    const { statusCode, body } = await harness.post(platform, Buffer.concat(chunks).toString(), headers);
    response.writeHead(statusCode ?? 500).end(body);
    if (door.answers) await door.settle();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  let work = Promise.resolve();
  const door: FrontDoor = {
    url: `http://127.0.0.1:${port}`,
    answers: true,
    settle() {
      work = work.then(() => harness.settle());
      return work;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await work;
    },
  };
  return door;
}
