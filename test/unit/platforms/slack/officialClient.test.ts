import { type AppsManifestCreateArguments, WebClient } from "@slack/web-api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SlackFake, startSlackFake } from "../../../../emulators/platforms/slack/startSlackFake.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { Platform } from "../../../../lib/adapter/Platform.ts";
import type { SeenRequest } from "../../../../lib/adapter/testing/faultServer.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { slack } from "../../../../lib/platforms/slack/slack.ts";
import { CHANNEL, SIGNING_SECRET, tsOf } from "./slackCall.ts";
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

describe("slack, held to its official client,", () => {
  let official: WebClient;
  let theirs: SlackFake;
  beforeAll(async () => {
    theirs = await startSlackFake();
    official = new WebClient(theirs.token, { slackApiUrl: `${theirs.apiBase}/`, retryConfig: { retries: 0 } });
  });
  afterAll(() => theirs.close());

  /** What a call says: all but the client's name and the connection's own headers. */
  const saidBy = ({ method, path, headers, body }: SeenRequest) => ({
    method,
    path,
    authorization: headers.authorization,
    type: headers["content-type"],
    form: Object.fromEntries(new URLSearchParams(body)),
  });

  const markdown_text = "Take the **blue** one: ü & 🙂?";

  it("posts a message as it does", async () => {
    await platform.send(chunk({ text: markdown_text }));
    const client_msg_id = posted()[0]?.key ?? "";
    await official.apiCall("chat.postMessage", { channel: CHANNEL, thread_ts: tsOf(1), markdown_text, client_msg_id });
    expect(fake.requests.map(saidBy)).toEqual(theirs.requests.slice(-1).map(saidBy));
  });

  it("changes a message as it does", async () => {
    const shown = await platform.showDraft?.(draft("Let me"));
    const { ts } = await official.chat.postMessage({ channel: CHANNEL, markdown_text: "Let me" });
    await platform.send(chunk({ text: markdown_text, draft: shown?.ref ?? null }));
    await official.chat.update({ channel: CHANNEL, ts: ts ?? "", markdown_text });
    const [ours, other] = [fake, theirs].map(({ requests }) => requests.slice(-1).map(saidBy)[0]);
    expect({ ...ours, form: { ...ours?.form, ts: "" } }).toEqual({ ...other, form: { ...other?.form, ts: "" } });
  });

  it("shows that it is thinking as it does", async () => {
    await platform.showTyping?.(THREAD);
    const status = { channel_id: CHANNEL, thread_ts: tsOf(1), status: "is thinking …" };
    await official.assistant.threads.setStatus(status);
    expect(fake.requests.map(saidBy)).toEqual(theirs.requests.slice(-1).map(saidBy));
  });

  it("makes a manifest of the form that it takes, with the events of which it makes something", () => {
    const url = "https://gateway.example.com/webhooks/slack";
    const expected: AppsManifestCreateArguments["manifest"] = {
      display_information: { name: "Vesper", description: expect.any(String) },
      features: {
        app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
        bot_user: { display_name: "vesper", always_online: true },
        slash_commands: [
          {
            ...{ command: "/vesper", url, should_escape: true },
            ...{ description: expect.any(String), usage_hint: expect.any(String) },
          },
        ],
      },
      oauth_config: {
        scopes: {
          bot: [
            ...(["app_mentions:read", "chat:write", "commands", "im:history", "channels:history"] as const),
            ...(["groups:history", "mpim:history", "channels:read", "groups:read", "files:read"] as const),
          ],
        },
      },
      settings: {
        event_subscriptions: {
          request_url: url,
          bot_events: [
            ...(["app_mention", "message.im", "message.channels", "message.groups", "message.mpim"] as const),
            ...(["member_left_channel", "channel_left", "group_left", "channel_archive", "group_archive"] as const),
            ...(["channel_deleted", "group_deleted", "channel_id_changed"] as const),
          ],
        },
        ...{ org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false },
      },
    };
    expect(JSON.parse(platform.manifest?.(url) ?? "")).toEqual(expected);
  });
});
