import { createHmac } from "node:crypto";

/** The app and its workspace, as they stand in each call. */
export const TEAM = "T061EG9R6";
export const BOT_USER = "U0LAN0Z89";
const APP = "A0PNCHHK2";

type Fields = Readonly<Record<string, unknown>>;

/** A call of Slack's: headers and the exact body. */
export interface SignedCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Slack's signature of a body: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signCall(secret: string, seconds: number, body: string, contentType: string): SignedCall {
  const signature = createHmac("sha256", secret).update(`v0:${seconds}:${body}`).digest("hex");
  const headers = {
    "content-type": contentType,
    "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    "x-slack-request-timestamp": String(seconds),
    "x-slack-signature": `v0=${signature}`,
  };
  return { headers, body };
}

/** What the Events API posts of an event: https://docs.slack.dev/apis/events-api#callback-field */
export function eventBody(event: Fields, eventId = "Ev0PV52K21"): string {
  return JSON.stringify({
    token: "one-long-verification-token",
    team_id: TEAM,
    api_app_id: APP,
    event,
    type: "event_callback",
    event_id: eventId,
    event_time: Math.floor(Number(event.event_ts ?? 1_355_517_523)),
    authorizations: [
      { enterprise_id: null, team_id: TEAM, user_id: BOT_USER, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: "4-eyJldCI6Im1lc3NhZ2UifQ",
  });
}

/** A slash command's form: https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export function commandBody(changes: Readonly<Record<string, string>>): string {
  return new URLSearchParams({
    token: "gIkuvaNzQIHg97ATvDxqgjtO",
    team_id: TEAM,
    team_domain: "example",
    channel_id: "C2147483705",
    channel_name: "test",
    user_id: "U2147483697",
    user_name: "ana",
    command: "/vesper",
    text: "",
    api_app_id: APP,
    is_enterprise_install: "false",
    response_url: "https://hooks.slack.com/commands/T061EG9R6/1234/5678",
    trigger_id: "13345224609.738474920.8088930838d88f008e0",
    ...changes,
  }).toString();
}
