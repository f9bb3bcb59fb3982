import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { OutboundChunk, Platform, Undelivered } from "../../lib/adapter/Platform.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import type { Turn } from "../../lib/domain/Turn.ts";
import { discardReply, listFailedReplies, resendReply } from "../../lib/operator/failedReplies.ts";
import { toDlqMessage } from "../../lib/operator/inbound/DlqMessage.ts";
import { turnItem } from "../../lib/store/keys.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { queueDepth, sessionRows, turnRows } from "../harness/rows.ts";

describe("a reply that the platform took and could not deliver", () => {
  let harness: GatewayHarness;
  let sent: OutboundChunk[];
  let refuse: DeliveryError | undefined;
  let said: number;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    sent = [];
    said = 0;
    refuse = undefined;
    const platform: Platform = {
      receive: async ({ body }) => ({ messages: [], ...JSON.parse(Buffer.from(body).toString()) }),
      // A piece a line.
      render: (text) => text.split("\n").filter((line) => line !== ""),
      send: async (chunk) => {
        if (refuse) throw refuse;
        if (chunk.text === "odd") throw new DeliveryError("invalid", "not this one");
        return `m${sent.push(chunk)}`;
      },
    };
    const post = defineAdapter("platform", "post", strictFields({}), () => platform);
    const talker = defineAdapter("agent", "talker", strictFields({}), () => ({
      reply: async ({ text }: { readonly text: string }) => text.replaceAll(" ", "\n"),
    }));
    harness.deploy({ platforms: { post: post() }, agent: talker(), sessions: { default: "none" } });
  });
  afterEach(() => harness.stop());

  it("is listed as failed, with what is missing; the turn's words stay, as the agent went on from them", async () => {
    await say("one two three");
    await tell(1, "throttled");
    expect(await failed()).toMatchObject([
      {
        ...{ messageId: "d1", reply: "one\ntwo\nthree", conversation: "default/post/ann//" },
        undelivered: { kind: "throttled", platform: "post", replyTo: "again", pieces: [{ index: 1 }] },
      },
    ]);
    await say("four");
    await say("/reset", "reset");
    expect(harness.delivered()).toMatchObject([{ messages: [{}, { content: "one\ntwo\nthree" }, {}, {}] }]);
    expect(harness.measured).toContainEqual(expect.objectContaining({ name: "ReplyUnsent" }));
  });

  it("is found by its last piece, too, whose id is not noted, and after its session has ended", async () => {
    await say("one");
    await say("/reset", "reset");
    await tell(0);
    expect(await failed()).toMatchObject([{ reply: "one", undelivered: { pieces: [{ index: 0 }] } }]);
  });

  it("rings no alarm where to send it again helps nobody, but stands in the list all the same", async () => {
    await say("one");
    await tell(0, "gone");
    expect(await failed()).toMatchObject([{ undelivered: { kind: "gone" } }]);
    expect(harness.measured.filter(({ name }) => name === "ReplyUnsent")).toEqual([]);
  });

  it("is sent again by an operator, the missing pieces alone and once each", async () => {
    await say("one two three");
    await tell(2);
    await tell(0);
    const [reply] = await failed();
    expect(reply?.undelivered.pieces).toEqual([{ index: 0 }, { index: 2 }]);
    expect(reply && (await resend(reply))).toBe(true);
    await harness.settle();
    expect(sent.slice(3).map(({ text, replyTo, key }) => [text, replyTo, key])).toEqual([
      ["one", "again", sent[0]?.key],
      ["three", "again", sent[2]?.key],
    ]);
    expect(await failed()).toEqual([]);
    expect(await turn()).toMatchObject({ reply: "one\ntwo\nthree", undelivered: { arrivedAt: Date.now() } });
  });

  it("is noted once: the same news again change nothing, not even after the reply has arrived", async () => {
    await say("one");
    await tell(0);
    const [reply] = await failed();
    harness.advance("1h");
    await tell(0);
    expect(await failed()).toEqual([reply]);
    if (reply) await resend(reply);
    await harness.settle();
    harness.advance("1h");
    await tell(0);
    expect(await failed()).toEqual([]);
    await tell(1);
    expect(await failed()).toMatchObject([{ undelivered: { at: Date.now(), pieces: [{ index: 0 }] } }]);
  });

  it("fails anew when an operator's try fails", async () => {
    await say("one two");
    await tell(1);
    const [old] = await failed();
    harness.advance("1m");
    refuse = new DeliveryError("throttled", "a day of silence", { retryAfter: 86_400_000 });
    if (old) await resend(old);
    await harness.settle();
    expect(await failed()).toMatchObject([
      { reply: "one\ntwo", undelivered: { at: Date.now(), pieces: [{ index: 1 }] } },
    ]);
  });

  it("is left alone once an operator has discarded it, and where nobody knows of it", async () => {
    await say("one two");
    await tell(0);
    const [reply] = await failed();
    if (reply) await discardReply(operator(), reply, "old");
    await tell(1);
    await news({ ...newsOf(1), id: "m9", session: "another" });
    await news({ ...newsOf(1), id: "m9", key: "another" });
    expect(await failed()).toEqual([]);
    expect(await turn()).toMatchObject({ undelivered: { discarded: { reason: "old" } } });
    expect(harness.logged.filter(({ event }) => event === "delivery.unknown")).toHaveLength(2);
    expect(await queueDepth(harness, harness.wiring.queues.inbound)).toBe(0);
  });

  it("is only logged and counted where a piece had been refused before, as what arrived is one text since", async () => {
    await say("one odd two");
    const before = await turn();
    expect(before).toMatchObject({ reply: "one\ntwo", undelivered: { kind: "invalid" } });
    await tell(0);
    expect(await turn()).toEqual(before);
    expect(harness.logged.map(({ event }) => event)).toContain("delivery.failed");
  });

  it("leaves a turn alone whose user was forgotten: there is nothing to send any more", async () => {
    await say("one");
    const [session] = await sessionRows(harness);
    const { client, name } = harness.operatorTable;
    const erased = {
      Key: turnItem(session?.session ?? "", (await turn())?.sk ?? ""),
      UpdateExpression: "SET erasedAt = :now REMOVE reply, #text",
      ExpressionAttributeNames: { "#text": "text" },
      ExpressionAttributeValues: { ":now": Date.now() },
    };
    await client.send(new UpdateCommand({ TableName: name, ...erased }));
    await tell(0);
    expect(await failed()).toEqual([]);
    expect(await turn()).not.toHaveProperty("undelivered");
  });

  it("is told in words where its news are on the dead-letter queue", async () => {
    const undelivered = { ...newsOf(0), session: "S1" };
    const Body = JSON.stringify({ v: 1, platform: "post", receivedAt: 0, undelivered });
    const { services } = harness;
    expect(
      await toDlqMessage({ ...services, random: Math.random }, services.config, { MessageId: "m", Body }),
    ).toMatchObject({
      ...{ id: "m", platform: "post", conversation: "default/post/ann//", user: null, text: null },
      why: "news of a reply in session S1 that was not delivered: moved back, it is noted",
    });
  });

  async function say(text: string, command?: string): Promise<void> {
    harness.advance("1s");
    const message = {
      ...{ messageId: `d${++said}`, sentAt: Date.now(), chat: { id: "ann", type: "dm" }, user: { id: "ann" } },
      ...{ role: "user", text: command ? "" : text, origin: "chat", replyTo: "to", ...(command ? { command } : {}) },
    };
    await call({ messages: [message] });
  }

  const newsOf = (index: number, kind: Undelivered["kind"] = "transient"): Undelivered => {
    const { key = "", session = "", conversation = "default/post/ann//" } = sent[index] ?? {};
    return { id: `m${index + 1}`, key, session, conversation, kind, replyTo: "again" };
  };
  /** The platform tells that what it was sent as that has failed, by its place among all pieces. */
  const tell = (index: number, kind?: Undelivered["kind"]) => news(newsOf(index, kind));
  const news = (undelivered: Undelivered) => call({ undelivered: [undelivered] });

  async function call(body: unknown): Promise<void> {
    expect(await harness.post("post", JSON.stringify(body), {})).toMatchObject({ statusCode: 202 });
    await harness.settle();
  }

  async function turn(): Promise<Turn | undefined> {
    const [session] = await sessionRows(harness);
    return (await turnRows(harness, session?.session ?? ""))[0];
  }

  const operator = () => ({ table: harness.operatorTable, clock: harness.clock, random: Math.random });
  const failed = async () => (await listFailedReplies(operator(), { limit: 20 })).replies;
  const resend = (reply: Parameters<typeof resendReply>[2]) =>
    resendReply(operator(), { client: harness.operatorQueues, url: harness.wiring.queues.inbound }, reply);
});
