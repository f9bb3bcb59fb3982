import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that repeats everything that it is sent, in every form that error pages have. */
export interface EchoServer {
  readonly url: string;
  /** What it answers from now on. */
  status: number;
  readonly requests: number;
  close(): Promise<void>;
}

/** Starts one on 127.0.0.1. In its answers Telegram's own shape is around the echo, so that it is read, too. */
export async function startEchoServer(): Promise<EchoServer> {
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests++;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization = "" } = request.headers;
    const facts = [authorization, request.url ?? "", JSON.stringify(request.headers)];
    const forms = facts.flatMap((fact) => [
      fact,
      fact.replaceAll("/", "\\/"),
      encodeURIComponent(fact),
      fact.replace(/[^\w]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`),
      fact.replace(/[^\w]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
      fact.toUpperCase(),
      Buffer.from(fact.replace("Bearer ", "")).toString("base64"),
    ]);
    const description = forms.join(" | ");
    response.writeHead(echo.status, {
      "x-echo": encodeURIComponent(authorization),
      "content-type": "application/json",
    });
    response.end(
      JSON.stringify({ description, ok: false, error_code: echo.status, body: String(Buffer.concat(chunks)) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const echo: EchoServer = {
    url: `http://127.0.0.1:${port}`,
    status: 500,
    get requests() {
      return requests;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return echo;
}
