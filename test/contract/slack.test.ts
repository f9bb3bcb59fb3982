import { describe, it } from "vitest";
import { BOT_USER, eventBody } from "../../emulators/platforms/slack/slackCalls.ts";
import { startSlackFake } from "../../emulators/platforms/slack/startSlackFake.ts";
import { secret } from "../../lib/adapter/options.ts";
import { platformConformance } from "../../lib/adapter/testing/platformConformance.ts";
import type { PlatformExtras } from "../../lib/adapter/testing/platformExtrasConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { slack } from "../../lib/platforms/slack/slack.ts";
import {
  ANA,
  CHANNEL,
  channelEvent,
  DM,
  eventCall,
  messageEvent,
  SIGNING_SECRET,
  slackCall,
  tsOf,
} from "../unit/platforms/slack/slackCall.ts";

/** A message that is passed on, as Slack attaches it. */
const shared = (text: string, author_name: string) => ({
  attachments: [{ is_share: true, is_msg_unfurl: true, text, author_name, ts: tsOf(0), channel_id: CHANNEL }],
});

const EXTRAS: PlatformExtras = {
  drafts: true,
  inGroup: ({ number, text }, namesBot) =>
    eventCall(channelEvent({ text: namesBot ? `<@${BOT_USER}> ${text}` : text }, number)),
  answering: ({ number, text }, { text: quoted, author }) =>
    eventCall(messageEvent({ text, ...shared(quoted, author) }, number)),
  forwarded: ({ number, text }, from) => eventCall(messageEvent({ text: "", ...shared(text, from) }, number)),
  picture: ({ number, text }, size) => {
    const files = [{ id: "F0PICTURE", name: "cat.png", mimetype: "image/png", filetype: "png", size, mode: "hosted" }];
    return eventCall(messageEvent({ subtype: "file_share", text, files }, number));
  },
  edit: ({ number, text }, edited) => {
    const before = messageEvent({}, edited);
    const message = { ...before, text, edited: { user: ANA, ts: tsOf(number) } };
    const changed = { subtype: "message_changed", hidden: true, message, previous_message: before };
    return eventCall({
      type: "message",
      channel: DM,
      channel_type: "im",
      ts: tsOf(number),
      event_ts: tsOf(number),
      ...changed,
    });
  },
  moved: (old_channel_id, new_channel_id) =>
    eventCall({ type: "channel_id_changed", old_channel_id, new_channel_id, event_ts: tsOf(1) }),
  gone: (channel) => eventCall({ type: "channel_archive", channel, user: ANA, event_ts: tsOf(1) }),
};

platformConformance(
  { describe, it },
  "slack",
  async () => {
    const server = await startSlackFake();
    const services = testServices({ TOKEN: server.token, SIGNING_SECRET });
    const options = { token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET"), apiBase: server.apiBase };
    return {
      platform: slack(options).create(services),
      secretsRead: () => services.secrets.asked,
      // Where people write to an assistant, each of their threads is a conversation.
      call: ({ number, text, user }) => eventCall(messageEvent({ text, user, thread_ts: tsOf(0) }, number)),
      callWith: (body) => slackCall(body),
      forgeries: (genuine) => {
        const { "x-slack-signature": signature = "", "x-slack-request-timestamp": time = "" } = genuine.headers;
        const withHeaders = (headers: Readonly<Record<string, string>>) => ({
          ...genuine,
          headers: { ...genuine.headers, ...headers },
        });
        return {
          missing: { ...genuine, headers: {} },
          "without a time": withHeaders({ "x-slack-request-timestamp": "" }),
          "of another time": withHeaders({ "x-slack-request-timestamp": String(Number(time) - 1) }),
          "of another body": { ...genuine, body: Buffer.from(eventBody(messageEvent({ text: "Goodbye" }))) },
          "of another version": withHeaders({ "x-slack-signature": signature.replace("v0=", "v1=") }),
          short: withHeaders({ "x-slack-signature": signature.slice(0, -2) }),
          "six minutes old": slackCall(genuine.body.toString(), "application/json", services.clock.now() - 360_000),
          "six minutes ahead": slackCall(genuine.body.toString(), "application/json", services.clock.now() + 360_000),
        };
      },
      server,
      sent: () => server.texts(),
      limit: 12_000,
      secrets: [server.token, SIGNING_SECRET],
      standing: () => server.texts(),
      typing: () => server.workspace.statuses,
      close: () => server.close(),
    };
  },
  EXTRAS,
);
