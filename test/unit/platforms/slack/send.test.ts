import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SlackFake, startSlackFake } from "../../../../emulators/platforms/slack/startSlackFake.ts";
import { DeliveryError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { Platform } from "../../../../lib/adapter/Platform.ts";
import { everythingIn, failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { slack } from "../../../../lib/platforms/slack/slack.ts";
import { CHANNEL, DM, SIGNING_SECRET, tsOf } from "./slackCall.ts";
import { chunk, draft, THREAD } from "./slackReply.ts";

let fake: SlackFake;
let platform: Platform;
beforeEach(async () => {
  fake = await startSlackFake();
  const services = testServices({ TOKEN: fake.token, SIGNING_SECRET });
  const options = { token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET"), apiBase: fake.apiBase };
  platform = slack(options).create(services);
});
afterEach(() => fake.close());

const posted = () => fake.workspace.messages;

describe("slack, sending a reply,", () => {
  it("posts the agent's Markdown into the thread, and answers its ts", async () => {
    expect(await platform.send(chunk())).toBe(posted()[0]?.ts);
    expect(posted()).toMatchObject([
      { channel: CHANNEL, thread: tsOf(1), text: "Take the **blue** one", format: "markdown" },
    ]);
  });

  it("gives a piece the same client_msg_id on every attempt, and another one to another piece", async () => {
    for (const key of ["a1", "a1", "a2"]) await platform.send(chunk({ key }));
    const [first, again, other] = posted().map(({ key }) => key);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([again, other === first]).toEqual([first, false]);
  });

  it.each(["invalid_blocks", "msg_blocks_too_long", "msg_blocks_too_many", "invalid_arguments"])(
    "sends what Slack refuses with %s as plain text, in which it finds no mark",
    async (error) => {
      fake.workspace.refuse("markdown", error);
      await platform.send(chunk({ text: "1 < 2 & *3*" }));
      expect(posted()).toMatchObject([{ thread: tsOf(1), text: "1 &lt; 2 &amp; *3*", format: "plain" }]);
      expect(new URLSearchParams(fake.requests[1]?.body).get("mrkdwn")).toBe("false");
    },
  );

  it("drops a piece that is refused as plain text, too", async () => {
    fake.workspace.refuse(CHANNEL, "no_text");
    expect(await failureOf(platform.send(chunk()))).toMatchObject({ kind: "invalid", retry: false, chatIsGone: false });
    expect(fake.requests).toHaveLength(2);
  });

  it.each(["cannot_reply_to_message", "restricted_action_non_threadable_channel"])(
    "sends what a thread does not take (%s) to the channel",
    async (error) => {
      fake.workspace.refuse(`${CHANNEL}/${tsOf(1)}`, error);
      await platform.send(chunk());
      expect(posted()).toMatchObject([{ channel: CHANNEL, format: "markdown" }]);
      expect(posted()[0]).not.toHaveProperty("thread");
    },
  );

  it("sends a piece without its key when Slack knows that, but not its message", async () => {
    fake.failNext(1, { status: 200, body: JSON.stringify({ ok: false, error: "duplicate_message_not_found" }) });
    await platform.send(chunk());
    expect(posted()).toHaveLength(1);
    expect(posted()[0]).not.toHaveProperty("key");
  });

  it.each(["channel_not_found", "is_archived", "not_in_channel", "account_inactive"])(
    "takes %s for the end of the chat",
    async (error) => {
      fake.workspace.refuse(CHANNEL, error);
      const failure = await failureOf(platform.send(chunk()));
      expect(failure).toMatchObject({
        kind: "gone",
        chatIsGone: true,
        message: `Slack answered chat.postMessage with ${error}`,
      });
    },
  );

  it("takes a thread that was locked for the end of this conversation, not of the channel", async () => {
    fake.workspace.refuse(CHANNEL, "restricted_action_thread_locked");
    expect(await failureOf(platform.send(chunk()))).toMatchObject({ kind: "gone", chatIsGone: false });
  });

  it.each([
    ["invalid_auth", "auth"],
    ["token_revoked", "auth"],
    ["restricted_action_read_only_channel", "auth"],
    ["messages_tab_disabled", "auth"],
    ["ratelimited", "throttled"],
    ["message_limit_exceeded", "quota"],
    ["internal_error", "transient"],
    ["fatal_error", "transient"],
    ["hologram_required", "invalid"],
  ])("takes %s for %s", async (error, kind) => {
    fake.setMode({ status: 200, body: JSON.stringify({ ok: false, error }) });
    expect(await failureOf(platform.send(chunk()))).toMatchObject({ kind, chatIsGone: false });
  });

  it("waits as long as Slack asks", async () => {
    fake.failNext(1, 429, { "retry-after": "30" });
    expect(await failureOf(platform.send(chunk()))).toMatchObject({ kind: "throttled", retryAfter: 30_000 });
  });

  it("says which scope the app lacks", async () => {
    fake.failNext(1, {
      status: 200,
      body: JSON.stringify({ ok: false, error: "missing_scope", needed: "chat:write" }),
    });
    expect(await failureOf(platform.send(chunk()))).toMatchObject({
      kind: "auth",
      message: "Slack answered chat.postMessage with missing_scope; add the scope chat:write",
    });
  });

  it("repeats nothing of an answer that is not Slack's", async () => {
    const body = `<html>${fake.token}</html>`;
    for (const status of [200, 502]) {
      fake.failNext(1, { status, body });
      const error = await failureOf(platform.send(chunk()));
      expect(error).toMatchObject({ kind: "transient" });
      expect(everythingIn(error)).not.toContain(fake.token);
    }
    fake.failNext(1, { status: 404, body });
    expect(await failureOf(platform.send(chunk()))).toMatchObject({ kind: "auth" });
  });

  it("calls no channel and no group together, whoever made the agent say so", async () => {
    const text =
      "<!channel> <!here|here> <!everyone> <!subteam^S012|@team> <!subteam^S012> but <!DOCTYPE html> and <@U1>";
    await platform.send(chunk({ text }));
    expect(posted()[0]?.text).toBe("@channel @here @everyone @team @subteam but <!DOCTYPE html> and <@U1>");
  });

  it("sends nothing by an answer's address that it did not make", async () => {
    for (const replyTo of [null, 7, { chat: 1 }, { channel: CHANNEL, thread: 1 }]) {
      expect(await failureOf(platform.send(chunk({ replyTo })))).toMatchObject({
        kind: "invalid",
        outcome: "not-sent",
      });
    }
    expect(fake.requests).toEqual([]);
  });

  it("names a token of another form, and calls nobody with it", async () => {
    const services = testServices({ TOKEN: "xapp-1-secret", SIGNING_SECRET });
    const options = { token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET"), apiBase: fake.apiBase };
    const error = await failureOf(slack(options).create(services).send(chunk()));
    expect(error).toMatchObject({ kind: "auth", outcome: "not-sent", message: expect.stringContaining("TOKEN") });
    expect(everythingIn(error)).not.toContain("xapp-1-secret");
    expect(fake.requests).toEqual([]);
  });
});

describe("slack, showing that an answer comes,", () => {
  it("shows it in a thread, and nowhere else", async () => {
    await platform.showTyping?.(THREAD);
    await platform.showTyping?.({ channel: DM });
    await platform.showTyping?.({ responseUrl: `${fake.url}/commands/T1/1/x` });
    expect(fake.workspace.statuses).toEqual([{ channel: CHANNEL, thread: tsOf(1), status: "is thinking …" }]);
  });

  it("tells that it can't be shown there", async () => {
    fake.workspace.refuse(DM, "method_not_supported_for_channel_type");
    const typing = platform.showTyping?.({ channel: DM, thread: tsOf(1) }) ?? Promise.resolve();
    await expect(typing).rejects.toBeInstanceOf(DeliveryError);
  });

  it.each(["message_not_found", "cant_update_message", "edit_window_closed"])(
    "posts the reply where its draft is no longer to be changed (%s)",
    async (error) => {
      const shown = await platform.showDraft?.(draft("Let me"));
      fake.failNext(1, { status: 200, body: JSON.stringify({ ok: false, error }) });
      await platform.send(chunk({ draft: shown?.ref ?? null }));
      expect(posted().map(({ text, thread }) => [text, thread])).toEqual([
        ["Let me", tsOf(1)],
        ["Take the **blue** one", tsOf(1)],
      ]);
    },
  );

  it("changes the draft into plain text where the Markdown is refused", async () => {
    const shown = await platform.showDraft?.(draft("Let me"));
    fake.workspace.refuse("markdown", "invalid_blocks");
    await platform.send(chunk({ draft: shown?.ref ?? null }));
    expect(posted()).toMatchObject([{ text: "Take the **blue** one", format: "plain" }]);
  });
});
