import { createHash, randomBytes } from "node:crypto";
import * as v from "valibot";
import type { StartSimulator } from "../PlatformSimulator.ts";
import { startTwilioFake } from "./startTwilioFake.ts";
import { webhookCall } from "./webhookCall.ts";

const optionsSchema = v.object({
  accountSid: v.string(),
  authToken: v.object({ secret: v.string() }),
  number: v.string(),
  publicUrl: v.optional(v.string()),
});

/** Twilio's SMS on this machine: its API, and the calls that it would make. Everybody has a number of their own. */
export const startSimulator: StartSimulator = async (given) => {
  const { accountSid, authToken, number, publicUrl } = v.parse(optionsSchema, given);
  const fake = await startTwilioFake({ accountSid, number, authToken: randomBytes(16).toString("hex") });
  const names = new Map<string, string>();
  let last = 0;
  return {
    url: fake.url,
    secrets: { [authToken.secret]: fake.authToken },
    call({ text, conversation }, url) {
      const from = numberOf(conversation);
      names.set(from, conversation);
      const sid = `SM${createHash("md5").update(`${from} ${Date.now()} ${++last}`).digest("hex")}`;
      const form = { MessageSid: sid, AccountSid: accountSid, From: from, To: number, Body: text, NumMedia: "0" };
      return { ...webhookCall(form, fake.authToken, publicUrl ?? url), url };
    },
    sent: () =>
      fake.sent.map((message) => ({
        conversation: names.get(message.to) ?? message.to,
        text: message.body,
        body: { To: message.to, From: message.from, Body: message.body },
      })),
    close: () => fake.close(),
  };
};

/** Somebody's phone number by a name, always the same; a number stays what it is. */
function numberOf(name: string): string {
  if (/^\+[1-9]\d{4,14}$/.test(name)) return name;
  return `+1555${String(createHash("sha256").update(name).digest().readUInt32BE() % 10_000_000).padStart(7, "0")}`;
}
