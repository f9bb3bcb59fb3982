import { BOT_USER, commandBody, eventBody, signCall } from "../../emulators/platforms/slack/slackCalls.ts";
import { type SlackFake, startSlackFake } from "../../emulators/platforms/slack/startSlackFake.ts";
import type { ConfigInput } from "../../lib/config/defineConfig.ts";
import { secret } from "../../lib/index.ts";
import { slack } from "../../lib/platforms/slack/slack.ts";
import { loadTurns } from "../../lib/store/turns.ts";
import { type GatewayHarness, startGatewayHarness } from "./GatewayHarness.ts";
import { sessionRows } from "./rows.ts";

export const ANA = "U0ANA0001";
export const BEN = "U0BEN0001";
export const DM = "D0ANA0001";
export const TEAM = "C0TEAM001";

const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

type Fields = Readonly<Record<string, unknown>>;

/** A gateway on Slack, as its users see it. */
export async function startSlackChat() {
  const fake: SlackFake = await startSlackFake();
  const secrets = { SLACK_TOKEN: fake.token, SLACK_SIGNING_SECRET: SIGNING_SECRET };
  const harness: GatewayHarness = await startGatewayHarness(undefined, secrets);
  const platforms = {
    slack: slack({
      token: secret("SLACK_TOKEN"),
      signingSecret: secret("SLACK_SIGNING_SECRET"),
      apiBase: fake.apiBase,
    }),
  };
  let last = 0;

  const post = (body: string, contentType: string, extra: Readonly<Record<string, string>> = {}) => {
    const { headers } = signCall(SIGNING_SECRET, Math.floor(harness.clock.now() / 1000), body, contentType);
    return harness.post("slack", body, { ...headers, ...extra });
  };

  const chat = {
    harness,
    fake,
    /** A deploy of the gateway on Slack, but for what `config` says. */
    deploy: (config: Partial<ConfigInput> = {}) => harness.deploy({ platforms, ...config }),
    /** Posts an event, and lets nothing work yet; answers what the HTTP API would. */
    event: (event: Fields, headers?: Readonly<Record<string, string>>) =>
      post(eventBody(event, `Ev${++last}`), "application/json", headers),
    /** Ana's message in her direct messages, but for what `changes` say. */
    message(changes: Fields = {}): Fields & { readonly ts: string } {
      harness.advance("1s");
      const ts = `${Math.floor(harness.clock.now() / 1000)}.${String(++last).padStart(6, "0")}`;
      return { type: "message", channel: DM, channel_type: "im", user: ANA, ts, event_ts: ts, ...changes };
    },
    /** Sends it and lets it be answered; answers the message. */
    async send(changes: Fields) {
      const message = chat.message(changes);
      await chat.event(message);
      await harness.settle();
      return message;
    },
    async edit(before: Fields & { readonly ts: string }, text: string) {
      const { ts } = chat.message();
      const { channel, channel_type, ...message } = before;
      const edited = { ...message, text, edited: { user: message.user, ts } };
      const place = { channel, channel_type, ts, event_ts: ts };
      await chat.event({
        type: "message",
        subtype: "message_changed",
        ...place,
        message: edited,
        previous_message: message,
      });
      await harness.settle();
    },
    /** Types a slash command, and lets nothing work yet; answers what its user sees at once. */
    async command(text: string, changes: Readonly<Record<string, string>> = {}) {
      const path = `/commands/T061EG9R6/${++last}/secret`;
      fake.workspace.openAddress(path);
      const form = { user_id: ANA, channel_id: TEAM, text, trigger_id: `${last}.1.x`, ...changes };
      const body = commandBody({ response_url: `${fake.url}${path}`, ...form });
      const answer = await post(body, "application/x-www-form-urlencoded");
      return { status: answer.statusCode, ...JSON.parse(answer.body ?? "{}") };
    },
    /** The texts of all replies so far. */
    replies: () => fake.texts(),
    /** The turns of the newest session. */
    async turns() {
      const sessions = await sessionRows(harness);
      return loadTurns(harness.operatorTable, sessions.at(-1)?.session ?? "");
    },
    async stop() {
      await Promise.all([harness.stop(), fake.close()]);
    },
  };
  chat.deploy();
  return chat;
}

/** In a channel: words that name the bot. */
export function toBot(text: string): Fields {
  return { channel: TEAM, channel_type: "channel", text: `<@${BOT_USER}> ${text}` };
}
