import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discardReply } from "../../lib/operator/discardReply.ts";
import { listFailedReplies } from "../../lib/operator/listFailedReplies.ts";
import { resendReply } from "../../lib/operator/resendReply.ts";
import type { FailedReply } from "../../lib/transcript/FailedReply.ts";
import type { Turn } from "../../lib/transcript/Turn.ts";
import { allRows, queueDepth, sessionRows, turnRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a failed reply, for an operator", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.deploy({ sessions: { default: "none" } });
  });
  afterEach(() => world.stop());

  it("is listed with what it was about, why it failed and what is missing; the newest message first, page by page", async () => {
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
    world.advance("6m");
    expect(await resend(reply)).toBe(true);
    await world.settle();

    expect(world.replies.received.map(({ body }) => body.text)).toEqual(["You said: hello"]);
    expect(await turnOf()).toMatchObject({ reply: "You said: hello" });
    expect(await turnOf()).not.toHaveProperty("undelivered");
    expect(await failed()).toEqual([]);
    expect(await resend(reply)).toBe(false);
    expect(await queueDepth(world, world.wiring.queues.inbound)).toBe(0);
    await world.chat("/reset");
    expect(world.delivered()[0].messages.map(({ content }: { content: string }) => content)).toEqual([
      "hello",
      "You said: hello",
    ]);
  });

  it("is sent whatever wait the platform had asked for, and keeps its place in the list until it has arrived", async () => {
    const reply = await fail("hello");
    world.replies.failNext(1, 503);
    await resend(reply);
    await world.settle();
    expect(await failed()).toMatchObject([{ undelivered: { resentAt: Date.now() } }]);
    expect(world.replies.requests).toHaveLength(2);
    world.advance("10s");
    await world.settle();
    expect(await failed()).toEqual([]);
    expect(world.replies.effects).toHaveLength(1);
  });

  it("that fails again is a new failure: a word about the old one changes nothing", async () => {
    const old = await fail("hello");
    world.advance("1m");
    world.replies.failNext(1, 429, { "retry-after": "86400" });
    await resend(old);
    await world.settle();
    const [fresh] = await failed();
    expect(fresh?.undelivered.at).toBeGreaterThan(old.undelivered.at);
    expect(await resend(old)).toBe(false);
    expect(await discard(old)).toBe(false);
    await world.settle();
    expect(world.replies.effects).toEqual([]);
    expect(fresh && (await resend(fresh))).toBe(true);
    await world.settle();
    expect(world.replies.effects).toHaveLength(1);
  });

  it("of a session that has ended arrives, too; its sealed words stay as they are, and the turn says that it arrived", async () => {
    const reply = await fail("hello");
    await world.chat("/reset");
    await resend(reply);
    await world.settle();
    expect(world.replies.effects.map(({ body }) => body.text)).toContain("You said: hello");
    const turn = await turnOf();
    expect(turn).not.toHaveProperty("reply");
    expect(turn.undelivered).toMatchObject({ arrivedAt: Date.now(), pieces: [{ text: "You said: hello" }] });
    expect(await failed()).toEqual([]);
    expect(world.delivered()).toMatchObject([{ messages: [{ content: "hello" }] }]);
  });

  it("that is discarded leaves the list with its reason, and is sent no more", async () => {
    const reply = await fail("hello");
    await expect(discard(reply, " ")).rejects.toThrow(/1 to 500 why/);
    await resend(reply);
    expect(await discard(reply, "asked again")).toBe(true);
    expect(await discard(reply, "asked again")).toBe(false);
    await world.settle();
    expect(world.replies.effects).toEqual([]);
    expect(await failed()).toEqual([]);
    expect((await turnOf()).undelivered).toMatchObject({ discarded: { at: Date.now(), reason: "asked again" } });
  });

  it("is deleted with its session when the retention is over, which is counted, and nobody can send it any more", async () => {
    world.deploy({ retention: "8d" });
    const reply = await fail("hello");
    await world.chat("/reset");
    world.advance("9d");
    await resend(reply);
    await world.retention();
    expect(world.measured).toContainEqual({ name: "ReplyPurged", value: 1, unit: "Count" });
    expect((await allRows(world)).filter(({ pk }) => pk === reply.pk)).toEqual([]);
    const sent = world.replies.requests.length;
    await world.settle();
    expect(world.replies.requests).toHaveLength(sent);
    expect(await resend(reply)).toBe(false);
  });

  it("whose row can't be read is told apart, and hides no other", async () => {
    const reply = await fail("hello");
    await fail("hello", "bob");
    const { client, name } = world.operatorTable;
    await client.send(new PutCommand({ TableName: name, Item: { ...reply, v: 2 } }));
    const { replies, unread } = await list({ limit: 9 });
    expect(replies).toHaveLength(1);
    expect(unread).toEqual([{ pk: reply.pk, sk: reply.sk, why: "newer version" }]);
  });

  /** A message whose reply is left to an operator: the platform wants a day of silence. */
  async function fail(text: string, conversation = "ann"): Promise<FailedReply> {
    world.replies.failNext(1, 429, { "retry-after": "86400" });
    world.advance("1s");
    await world.chat(text, { conversation });
    const found = (await failed()).find(({ undelivered }) => undelivered.replyTo === conversation);
    if (!found) throw new Error("it did not fail");
    return found;
  }

  async function turnOf(): Promise<Turn> {
    const [session] = await sessionRows(world);
    const [turn] = await turnRows(world, session?.session ?? "");
    if (!turn) throw new Error("there is no turn");
    return turn;
  }

  const list = (filter: Parameters<typeof listFailedReplies>[1]) => listFailedReplies(operator(), filter);
  const failed = async () => (await list({ limit: 20 })).replies;
  const resend = (reply: FailedReply) =>
    resendReply(operator(), { client: world.operatorQueues, url: world.wiring.queues.inbound }, reply);
  const discard = (reply: FailedReply, reason = "old") => discardReply(operator(), reply, reason);
  const operator = () => ({ table: world.operatorTable, clock: world.clock });
});
