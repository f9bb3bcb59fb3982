import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import * as v from "valibot";
import { isForThisMachine } from "../../emulators/isForThisMachine.ts";
import type { PlatformSimulator } from "../../emulators/platforms/PlatformSimulator.ts";
import type { Platform } from "../../lib/adapter/Platform.ts";
import { sameSecret } from "../../lib/adapter/signing/signingSecrets.ts";
import { type SaidThere, type SentThere, saidSchema, type TakenThere } from "../../lib/operator/gateway/simulation.ts";
import { LocalError } from "../LocalError.ts";

/** A simulated platform. */
export interface ServedPlatform {
  /** Its name in the config. */
  readonly name: string;
  readonly simulator: PlatformSimulator;
  /** Made with the simulator in the vendor's place. */
  readonly platform: Platform;
}

/** What people write has fewer bytes. */
const MAX_BYTES = 256 * 1024;

/**
 * Lets people write on the simulated platforms, and read there: whoever has the key, on loopback.
 *
 * @param url where the gateway is, such as `http://127.0.0.1:8787`
 */
export async function serveSimulators(platforms: readonly ServedPlatform[], url: string) {
  const key = randomBytes(24).toString("base64url");
  const server = createServer(async (request, response) => {
    try {
      const isAllowed =
        isForThisMachine(request.headers.host) && sameSecret(request.headers.authorization ?? "", `Bearer ${key}`);
      const answer = isAllowed ? await answerTo(platforms, url, request) : undefined;
      response.writeHead(isAllowed ? 200 : 403, { "content-type": "application/json" }).end(JSON.stringify(answer));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, key },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerTo(
  platforms: readonly ServedPlatform[],
  url: string,
  request: IncomingMessage,
): Promise<TakenThere | readonly SentThere[]> {
  const { pathname, searchParams } = new URL(request.url ?? "/", url);
  if (pathname === "/sent") {
    const { simulator } = named(platforms, searchParams.get("platform") ?? "");
    return simulator.sent().filter(({ conversation }) => conversation === searchParams.get("conversation"));
  }
  const { platform, ...said } = v.parse(saidSchema, JSON.parse(await read(request)));
  return write(named(platforms, platform), said, url, pathname === "/say");
}

function named(platforms: readonly ServedPlatform[], name: string): ServedPlatform {
  const found = platforms.find((one) => one.name === name);
  if (found) return found;
  throw new LocalError(`${name} is not simulated`);
}

/** Has the platform call the gateway with what somebody writes; `isTold` false: only says whose message it would be. */
async function write(
  { name, platform, simulator }: ServedPlatform,
  said: Omit<SaidThere, "platform">,
  url: string,
  isTold: boolean,
): Promise<TakenThere> {
  const call = simulator.call(said, `${url.replace(/^http:/, "https:")}/webhooks/${name}`);
  const [message, ...more] = (await platform.receive(call)).messages;
  if (!message || more.length > 0) throw new LocalError(`the simulator of ${name} makes no single message of that`);
  const { messageId, sentAt: at, chat, user } = message;
  const taken = { messageId, chat, ...(at === undefined ? {} : { at }), ...(user ? { user } : {}) };
  if (!isTold) return taken;
  const response = await fetch(`${url}/webhooks/${name}${new URL(call.url).search}`, {
    method: call.method,
    headers: { ...call.headers },
    body: new Uint8Array(call.body),
  });
  return { ...taken, answer: { status: response.status, text: await response.text() } };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new LocalError(`at most ${MAX_BYTES} bytes can be written`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
