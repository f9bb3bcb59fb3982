import { randomBytes } from "node:crypto";
import * as v from "valibot";
import type { StartSimulator } from "../PlatformSimulator.ts";
import { eventBody, signCall, TEAM } from "./slackCalls.ts";
import { startSlackFake } from "./startSlackFake.ts";
import { channelOf, isSlashCommand, writtenCommand, writtenEvent } from "./written.ts";

const refSchema = v.object({ secret: v.string() });
const optionsSchema = v.object({ token: refSchema, signingSecret: refSchema, apiBase: v.optional(v.string()) });

/** Slack on this machine: its Web API, its events, and its slash commands, which are answered at an address of their own. */
export const startSimulator: StartSimulator = async (given) => {
  const { token, signingSecret, apiBase = "https://slack.com/api" } = v.parse(optionsSchema, given);
  const { protocol, host, pathname } = new URL(apiBase);
  const path = pathname.replace(/\/+$/, "");
  const fake = await startSlackFake({ token: `xoxb-1-2-${randomBytes(18).toString("hex")}`, path });
  const secret = randomBytes(16).toString("hex");
  const names = new Map<string, string>();
  const threads = new Map<string, string>();
  let last = 0;
  return {
    url: fake.url,
    secrets: { [token.secret]: fake.token, [signingSecret.secret]: secret },
    call(said, url) {
      last = Math.max(last + 1, Date.now() * 1000);
      const ts = `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, "0")}`;
      const seconds = Math.floor(Date.now() / 1000);
      names.set(channelOf(said), said.conversation);
      const signed = (body: string, type: string) => {
        const { headers } = signCall(secret, seconds, body, type);
        return { method: "POST", url, headers, query: {}, body: Buffer.from(body) };
      };
      if (isSlashCommand(said)) {
        const address = `/commands/${TEAM}/${last}/${randomBytes(12).toString("hex")}`;
        fake.workspace.openAddress(address);
        names.set(address, said.conversation);
        const form = writtenCommand(
          said,
          `${protocol}//hooks.${host}${address}`,
          `${last}.1.${randomBytes(8).toString("hex")}`,
        );
        return signed(form, "application/x-www-form-urlencoded");
      }
      // The first that is said in a thread begins it.
      const thread = said.chatType === "thread" ? (threads.get(said.conversation) ?? ts) : undefined;
      if (thread !== undefined) threads.set(said.conversation, thread);
      return signed(eventBody(writtenEvent(said, ts, thread), `Ev${last}`), "application/json");
    },
    sent: () =>
      fake.workspace.sent().map((message) => {
        const where = "path" in message ? message.path : message.channel;
        return { conversation: names.get(where) ?? where, text: message.text, body: message };
      }),
    close: () => fake.close(),
  };
};
