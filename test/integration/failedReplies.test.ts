import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FailedReply } from "../../lib/domain/FailedReply.ts";
import type { Turn } from "../../lib/domain/Turn.ts";
import { discardReply, listFailedReplies, resendReply } from "../../lib/operator/failedReplies.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { PROSE } from "../harness/prose.ts";
import { allRows, queueDepth, sessionRows, turnRows } from "../harness/rows.ts";

describe("a failed reply, for an operator", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ sessions: { default: "none" } });
  });
  afterEach(() => harness.stop());

  it("is listed with what it was about, why it failed and what is missing, the newest message first, page by page", async () => {
    const names = ["ann", "bob", "cat", "dan", "eve"];
    for (const conversation of names) await fail("hello", conversation);
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.replies.map(({ undelivered }) => String(undelivered.replyTo)));
      cursor = page.cursor;
      pages++;
    } while (cursor !== undefined);
    expect(seen).toEqual(names.toReversed());
    expect(pages).toBe(3);
    expect((await list({ limit: 5 })).cursor).toBeUndefined();

    const [reply] = await failed();
    expect(reply).toMatchObject({
      ...{ text: "hello", conversation: "default/http/eve//", user: { id: "ann" } },
      undelivered: { kind: "throttled", platform: "http", pieces: [{ index: 0, text: "You said: hello" }] },
    });
    expect((await list({ limit: 9, platform: "telegram" })).replies).toEqual([]);
    await expect(list({ limit: 2, cursor: "nonsense" })).rejects.toThrow(/the cursor is none/);
  });

  it("goes out once when two operators send it again, twice each; then the turn says what was said", async () => {
    const reply = await fail("hello");
    expect(await turnOf()).not.toHaveProperty("reply");
    const both = [resend(reply), resend(reply), resend(reply)];
    expect(await Promise.all(both)).toEqual([true, true, true]);
    harness.advance("6m");
    expect(await resend(reply)).toBe(true);
    await harness.settle();

    expect(harness.replies.received.map(({ body }) => body.text)).toEqual(["You said: hello"]);
    expect(await turnOf()).toMatchObject({ reply: "You said: hello" });
    expect(await turnOf()).not.toHaveProperty("undelivered");
    expect(await failed()).toEqual([]);
    expect(await resend(reply)).toBe(false);
    expect(await queueDepth(harness, harness.wiring.queues.inbound)).toBe(0);
    await harness.chat("/reset");
    expect(harness.delivered()[0].messages.map(({ content }: { content: string }) => content)).toEqual([
      "hello",
      "You said: hello",
    ]);
  });

  it("is sent whatever wait the platform had asked for, and keeps its place in the list until it has arrived", async () => {
    const reply = await fail("hello");
    harness.replies.failNext(1, 503);
    await resend(reply);
    await harness.settle();
    expect(await failed()).toMatchObject([{ undelivered: { resentAt: Date.now() } }]);
    expect(harness.replies.requests).toHaveLength(2);
    harness.advance("10s");
    await harness.settle();
    expect(await failed()).toEqual([]);
    expect(harness.replies.effects).toHaveLength(1);
  });

  it("is a new failure when it fails again, and a word about the old one changes nothing", async () => {
    const old = await fail("hello");
    harness.advance("1m");
    harness.replies.failNext(1, 429, { "retry-after": "86400" });
    await resend(old);
    await harness.settle();
    const [fresh] = await failed();
    expect(fresh?.undelivered.at).toBeGreaterThan(old.undelivered.at);
    expect(await resend(old)).toBe(false);
    expect(await discard(old)).toBe(false);
    await harness.settle();
    expect(harness.replies.effects).toEqual([]);
    expect(fresh && (await resend(fresh))).toBe(true);
    await harness.settle();
    expect(harness.replies.effects).toHaveLength(1);
  });

  it("arrives, too, when its session has ended: the sealed words stay, and the turn says that it arrived", async () => {
    const reply = await fail("hello");
    await harness.chat("/reset");
    await resend(reply);
    await harness.settle();
    expect(harness.replies.effects.map(({ body }) => body.text)).toContain("You said: hello");
    const turn = await turnOf();
    expect(turn).not.toHaveProperty("reply");
    expect(turn.undelivered).toMatchObject({ arrivedAt: Date.now(), pieces: [{ text: "You said: hello" }] });
    expect(await failed()).toEqual([]);
    expect(harness.delivered()).toMatchObject([{ messages: [{ content: "hello" }] }]);
  });

  it("leaves the list with its reason when it is discarded, and is sent no more", async () => {
    const reply = await fail("hello");
    await expect(discard(reply, " ")).rejects.toThrow(/1 to 500 why/);
    await resend(reply);
    expect(await discard(reply, "asked again")).toBe(true);
    expect(await discard(reply, "asked again")).toBe(false);
    await harness.settle();
    expect(harness.replies.effects).toEqual([]);
    expect(await failed()).toEqual([]);
    expect((await turnOf()).undelivered).toMatchObject({ discarded: { at: Date.now(), reason: "asked again" } });
  });

  it("is deleted with its session when the retention is over, which is counted, and nobody can send it any more", async () => {
    harness.deploy({ retention: "8d" });
    const reply = await fail("hello");
    await harness.chat("/reset");
    harness.advance("9d");
    await resend(reply);
    await harness.retention();
    expect(harness.measured).toContainEqual({ name: "ReplyPurged", value: 1, unit: "Count" });
    expect((await allRows(harness)).filter(({ pk }) => pk === reply.pk)).toEqual([]);
    const sent = harness.replies.requests.length;
    await harness.settle();
    expect(harness.replies.requests).toHaveLength(sent);
    expect(await resend(reply)).toBe(false);
  });

  it("goes out whole when it and its message were packed", async () => {
    const words = PROSE.slice(0, 1_500).trim();
    const reply = await fail(words);
    expect(reply).toMatchObject({ text: words, undelivered: { pieces: [{ text: `You said: ${words}` }] } });
    expect(await resend(reply)).toBe(true);
    await harness.settle();
    expect(harness.replies.received.map(({ body }) => body.text)).toEqual([`You said: ${words}`]);
    expect(await turnOf()).toMatchObject({ text: words, reply: `You said: ${words}` });
  });

  it("is told apart when its row can't be read, and hides no other", async () => {
    const reply = await fail("hello");
    await fail("hello", "bob");
    const { client, name } = harness.operatorTable;
    await client.send(new PutCommand({ TableName: name, Item: { ...reply, v: 3 } }));
    const { replies, unread } = await list({ limit: 9 });
    expect(replies).toHaveLength(1);
    expect(unread).toEqual([{ pk: reply.pk, sk: reply.sk, why: "newer version" }]);
  });

  /** A message whose reply is left to an operator: the platform wants a day of silence. */
  async function fail(text: string, conversation = "ann"): Promise<FailedReply> {
    harness.replies.failNext(1, 429, { "retry-after": "86400" });
    harness.advance("1s");
    await harness.chat(text, { conversation });
    const found = (await failed()).find(({ undelivered }) => undelivered.replyTo === conversation);
    if (!found) throw new Error("it did not fail");
    return found;
  }

  async function turnOf(): Promise<Turn> {
    const [session] = await sessionRows(harness);
    const [turn] = await turnRows(harness, session?.session ?? "");
    if (!turn) throw new Error("there is no turn");
    return turn;
  }

  const list = (filter: Parameters<typeof listFailedReplies>[1]) => listFailedReplies(operator(), filter);
  const failed = async () => (await list({ limit: 20 })).replies;
  const resend = (reply: FailedReply) =>
    resendReply(operator(), { client: harness.operatorQueues, url: harness.wiring.queues.inbound }, reply);
  const discard = (reply: FailedReply, reason = "old") => discardReply(operator(), reply, reason);
  const operator = () => ({ table: harness.operatorTable, clock: harness.clock, random: Math.random });
});
