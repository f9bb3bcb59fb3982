import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { graphError } from "../../emulators/platforms/whatsapp/graphError.ts";
import { startWhatsAppFake, type WhatsAppFake } from "../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import {
  handshakeCall,
  messagesValue,
  webhookCall,
  webhookOf,
} from "../../emulators/platforms/whatsapp/webhookCall.ts";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { WebhookError } from "../../lib/adapter/errors.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import type { ConfigInput } from "../../lib/config/defineConfig.ts";
import { listFailedReplies, resendReply } from "../../lib/operator/failedReplies.ts";
import { sqsBatch } from "../../lib/queues/sqsBatch.ts";
import { acceptWebhook } from "../../lib/webhook/acceptWebhook.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, queueDepth, sessionRows } from "../harness/rows.ts";
import { ANA, BEN, WHATSAPP_SECRETS, whatsappChat, whatsappOf } from "../harness/whatsappChat.ts";

describe("the gateway on WhatsApp", () => {
  let harness: GatewayHarness;
  let fake: WhatsAppFake;
  let chat: ReturnType<typeof whatsappChat>;
  beforeEach(async () => {
    [harness, fake] = await Promise.all([startGatewayHarness(undefined, WHATSAPP_SECRETS), startWhatsAppFake()]);
    chat = whatsappChat(harness, fake);
    deploy();
  });
  afterEach(() => Promise.all([harness.stop(), fake.close()]));

  const deploy = (config: Partial<ConfigInput> = {}) =>
    harness.deploy({ platforms: { whatsapp: whatsappOf(fake) }, sessions: { default: "none" }, ...config });

  /** From now on an agent says that, after so many milliseconds; it keeps what it was asked. */
  function listen(words = "ok", delay = 0) {
    const asked: AgentInput[] = [];
    const agent = defineAdapter("agent", "listener", strictFields({}), () => ({
      reply: (input: AgentInput) => {
        asked.push(input);
        return new Promise<string>((resolve) => setTimeout(() => resolve(words), delay));
      },
    }));
    deploy({ agent: agent() });
    return asked;
  }

  const factsOf = async (user = ANA.from_user_id) =>
    (await allRows(harness))
      .filter(({ pk, kind }) => String(pk).startsWith("MEMORY#") && String(pk).includes(user) && kind === "fact")
      .map(({ text }) => text);

  const operator = () => ({ table: harness.operatorTable, clock: harness.clock, random: Math.random });
  const failed = async () => (await listFailedReplies(operator(), { limit: 20 })).replies;

  it("answers Meta's handshake, and nobody else's", async () => {
    const inbound = { client: harness.operatorQueues, url: harness.wiring.queues.inbound };
    const token = createHmac("sha256", fake.appSecret).update("vesper webhook").digest("hex");
    const ask = (given: string) =>
      acceptWebhook(harness.services, sqsBatch(inbound), "whatsapp", handshakeCall(given, "42", "https://x.example"));
    expect(await ask(token)).toMatchObject({ status: 200, body: "42" });
    await expect(ask("another")).rejects.toMatchObject({ status: 401 });
    expect(await queueDepth(harness, harness.wiring.queues.inbound)).toBe(0);
  });

  it("answers a message once, however often Meta delivers it, and each of a batch", async () => {
    const messages = ["one", "two"].map((body) => chat.messageOf({ text: { body } }));
    const value = { contacts: [{ profile: { name: "Ana" }, wa_id: ANA.from, user_id: ANA.from_user_id }], messages };
    const other = { messages: [chat.messageOf({ ...BEN, text: { body: "three" } })] };
    expect(await chat.deliver(value, other)).toMatchObject({ statusCode: 200 });
    harness.advance("10m");
    await chat.deliver(value, other);
    expect(chat.replies().toSorted()).toEqual(["You said: one", "You said: three", "You said: two"]);
    expect(fake.sent.map(({ to }) => to).toSorted()).toEqual([ANA.from, ANA.from, BEN.from]);
  });

  it("T4 acknowledges no message that can't be queued, so that Meta calls again", async () => {
    const inbound = { client: harness.operatorQueues, url: `${harness.wiring.queues.inbound}-is-gone` };
    const body = webhookOf(fake, messagesValue(fake, { messages: [chat.messageOf({ text: { body: "hello" } })] }));
    const call = webhookCall(body, fake.appSecret, "https://x.example");
    const error: unknown = await acceptWebhook(harness.services, sqsBatch(inbound), "whatsapp", call).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(WebhookError);
  });

  it("ends the session at /reset, and remembers in the next one", async () => {
    await chat.say("My name is Ana");
    await chat.say("/reset");
    expect(harness.delivered()).toMatchObject([
      { reason: "reset", messages: [{ content: "My name is Ana", author: { id: ANA.from_user_id } }, {}] },
    ]);
    expect(await factsOf()).toEqual(["Name: Ana"]);
    await chat.say("What do you know about me?");
    expect(chat.replies().at(-1)).toContain("Name: Ana");
  });

  it("shows the agent's Markdown in WhatsApp's own marks, and that it is typing while it works", async () => {
    listen("Take the **blue** [one](https://x.y/1)", 1_000);
    const { id } = await chat.say("Which?");
    expect(chat.replies()).toEqual(["Take the *blue* one (https://x.y/1)"]);
    expect(fake.typing).toEqual([id]);
  });

  it("sends a long reply in pieces, none of which ends within a character as people see it", async () => {
    const family = "👩‍👩‍👧";
    listen(`x${family.repeat(1_000)}`);
    await chat.say("Tell me all");
    expect(fake.sent.length).toBeGreaterThan(1);
    for (const text of chat.replies()) expect(text.replace(/^x/, "").replaceAll(family, "")).toBe("");
  });

  it("tries a reply again within its limits, and drops a piece that is refused for itself", async () => {
    fake.failNext(1, graphError(131_056));
    await chat.say("hello");
    expect(chat.replies()).toEqual([]);
    harness.advance("5s");
    await harness.settle();
    expect(chat.replies()).toEqual(["You said: hello"]);
    fake.failNext(1, graphError(100));
    await chat.say("odd");
    expect(await chat.turns()).toMatchObject([{}, { undelivered: { kind: "invalid" } }]);
  });

  it("keeps a reply for an operator while the token is wrong, and sends it once that is mended", async () => {
    fake.setMode({ ...graphError(190) });
    await chat.say("hello");
    for (let minute = 0; minute < 20; minute++) {
      harness.advance("1m");
      await harness.settle();
    }
    const [reply] = await failed();
    expect(reply).toMatchObject({ undelivered: { kind: "auth", platform: "whatsapp" } });
    fake.setMode("ok");
    if (reply)
      await resendReply(operator(), { client: harness.operatorQueues, url: harness.wiring.queues.inbound }, reply);
    await harness.settle();
    expect(chat.replies()).toEqual(["You said: hello"]);
    expect(await failed()).toEqual([]);
  });

  it("lists a reply that Meta took and could not deliver, whose session goes on; and sends it again by an operator's word", async () => {
    await chat.say("hello");
    for (const status of ["sent", "delivered", "read"] as const) await chat.tell(fake.sent[0], status);
    expect(await failed()).toEqual([]);
    await chat.tell(fake.sent[0], "failed", 131_026);
    await chat.tell(fake.sent[0], "failed", 131_026);
    const [reply, ...more] = await failed();
    expect(more).toEqual([]);
    expect(reply).toMatchObject({
      ...{ reply: "You said: hello", lostIds: [fake.sent[0]?.id] },
      undelivered: { kind: "gone", platform: "whatsapp", replyTo: { to: ANA.from }, pieces: [{ index: 0 }] },
    });
    expect(await sessionRows(harness)).toMatchObject([{ status: "open" }]);
    if (reply)
      await resendReply(operator(), { client: harness.operatorQueues, url: harness.wiring.queues.inbound }, reply);
    await harness.settle();
    expect(chat.replies()).toEqual(["You said: hello", "You said: hello"]);
    expect(await failed()).toEqual([]);
  });

  it("gives a reply up, and not the session, when the 24 hours are over by Meta's clock", async () => {
    fake.refuse(ANA.from, 131_047);
    await chat.say("hello");
    expect(await chat.turns()).toMatchObject([{ undelivered: { kind: "gone" } }]);
    fake.refuse(ANA.from, undefined);
    await chat.say("again");
    expect(chat.replies()).toEqual(["You said: again"]);
    expect(await sessionRows(harness)).toMatchObject([{ status: "open" }]);
  });

  it("calls Meta no more when the 24 hours are over by ours", async () => {
    const message = chat.messageOf({ text: { body: "hello" } });
    harness.advance("24h");
    await chat.deliver({ messages: [message] });
    expect(fake.requests.filter(({ body }) => body.includes('"type":"text","text"'))).toEqual([]);
    expect(await chat.turns()).toMatchObject([{ undelivered: { kind: "gone" } }]);
  });

  it("takes session and memories along when somebody has another number, and another id", async () => {
    await chat.say("My name is Ana");
    const now = { from: "447700900002", from_user_id: "GB.9" };
    const system = {
      type: "user_changed_number",
      wa_id: now.from,
      user_id: now.from_user_id,
      previous_user_id: ANA.from_user_id,
    };
    await chat.send({ from_user_id: undefined, type: "system", system });
    await chat.say("Still here", now);
    expect(await sessionRows(harness)).toMatchObject([{ status: "open", chat: { id: ANA.from_user_id } }]);
    expect(fake.sent.at(-1)).toMatchObject({ to: now.from });
    await chat.say("/reset", now);
    expect(harness.delivered()).toMatchObject([{ turns: 2 }]);
    await chat.say("What do you know about me?", now);
    expect(chat.replies().at(-1)).toContain("Name: Ana");
  });

  it("never learns forwarded words as facts of whoever passed them on, and takes no command of them", async () => {
    const asked = listen();
    await chat.say("My name is Bob Stone", { context: { forwarded: true } });
    await chat.say("/reset", { context: { frequently_forwarded: true } });
    expect(asked.map(({ text }) => text)).toEqual(["(forwarded)\nMy name is Bob Stone", "(forwarded)\n/reset"]);
    await chat.say("/reset");
    expect(await factsOf()).toEqual([]);
  });

  it("corrects the turn for memory by an edit, and asks the agent no more", async () => {
    const { id } = await chat.say("My name is Ane");
    const edit = { original_message_id: id, message: { type: "text", text: { body: "My name is Ana" } } };
    await chat.send({ type: "edit", edit });
    expect(chat.replies()).toEqual(["You said: My name is Ane"]);
    await chat.say("/reset");
    expect(harness.delivered()).toMatchObject([{ messages: [{ content: "My name is Ana" }, {}] }]);
    expect(await factsOf()).toEqual(["Name: Ana"]);
  });

  it("gives the agent what has no words in words, and tells its user once that only text is read", async () => {
    const asked = listen();
    await chat.send({ type: "audio", audio: { id: "4711", voice: true, mime_type: "audio/ogg; codecs=opus" } });
    await chat.send({ type: "unsupported", errors: [{ code: 131_051 }] });
    expect(asked.map(({ text }) => text)).toEqual(["(voice message)", "(something that is no text)"]);
    expect(chat.replies()).toEqual([expect.stringContaining("text only"), "ok", "ok"]);
  });

  it("takes a tap on a button for words", async () => {
    const interactive = { type: "button_reply", button_reply: { id: "1", title: "Yes, please" } };
    await chat.send({ type: "interactive", interactive });
    expect(chat.replies()).toEqual(["You said: Yes, please"]);
  });

  it("lets nobody in who is not named, and tells Meta that all is well", async () => {
    deploy({ access: { whatsapp: { users: [ANA.from_user_id] } } });
    await chat.say("hello");
    const answer = await chat.deliver({ messages: [chat.messageOf({ ...BEN, text: { body: "hello" } })] });
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(chat.replies()).toEqual(["You said: hello"]);
  });
});
