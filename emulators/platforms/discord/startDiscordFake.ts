import { type FaultServer, startFaultServer } from "../../../lib/adapter/testing/faultServer.ts";
import { createDiscordApi, type DiscordApi, type DiscordApiOptions } from "./discordApi.ts";
import { json, rateLimited } from "./errors.ts";
import { type ApplicationKey, createApplicationKey } from "./interactions.ts";

/** Discord on loopback: its API, and the key that it signs with. */
export interface DiscordFake extends FaultServer, Omit<DiscordApi, "handle"> {
  readonly app: string;
  readonly botToken: string;
  readonly key: ApplicationKey;
  /** For the adapter's `apiBase`. */
  readonly apiBase: string;
}

/** What a fake differs in from the usual one. */
export type DiscordFakeOptions = Partial<Omit<DiscordApiOptions, "publicKey">> & { readonly key?: ApplicationKey };

/** Starts it. A scripted 429 tells its `retry-after` in the body, too, as the real one does. */
export async function startDiscordFake(options: DiscordFakeOptions = {}): Promise<DiscordFake> {
  const { app = "845027738276462632", key = createApplicationKey(), now = Date.now } = options;
  const botToken = options.botToken ?? "ODQ1MDI3NzM4Mjc2NDYyNjMy.GfAkEd.token-of-the-fake_that-is-long-enough";
  const api = createDiscordApi({ ...options, app, botToken, publicKey: key.publicKey, now });
  const server = await startFaultServer(
    (request) => api.handle(request),
    (status, headers) => {
      const after = headers["retry-after"];
      const answer =
        status === 429 && after
          ? rateLimited(Number(after))
          : json(status, { message: `${status}: scripted`, code: 0 });
      return { ...answer, headers: { ...answer.headers, ...headers } };
    },
  );
  const { handle: _, ...state } = api;
  return { ...server, ...state, app, botToken, key, apiBase: `${server.url}/api/v10` };
}
