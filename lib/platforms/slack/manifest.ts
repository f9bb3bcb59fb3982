/**
 * The manifest of a Slack app that calls this address, as JSON: https://docs.slack.dev/reference/app-manifest. With no more
 * scopes than what is used needs. Pure.
 */
export function manifestOf(url: string): string {
  const manifest = {
    display_information: {
      name: "Vesper",
      description: "Answers in direct messages, where it is mentioned, and to /vesper",
    },
    features: {
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "vesper", always_online: true },
      slash_commands: [
        {
          command: "/vesper",
          url,
          description: "Ask, and only you see the answer",
          usage_hint: "your question, or reset, new, help, memory, status, retry",
          should_escape: true,
        },
      ],
    },
    oauth_config: { scopes: { bot: SCOPES } },
    settings: {
      event_subscriptions: { request_url: url, bot_events: EVENTS },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
  return JSON.stringify(manifest, null, 2);
}

/** Each with what needs it. */
const SCOPES = [
  "app_mentions:read", // app_mention
  "chat:write", // answers, drafts, "is thinking …"
  "commands", // /vesper
  "im:history", // message.im
  "channels:history", // message.channels
  "groups:history", // message.groups
  "mpim:history", // message.mpim
  "channels:read", // that a channel is gone or has another id
  "groups:read", // the same of private channels
  "files:read", // an agent may fetch what users attach
];

/** The events that `receive` makes something of; Slack sends no others. */
const EVENTS = [
  ...["app_mention", "message.im", "message.channels", "message.groups", "message.mpim"],
  ...["member_left_channel", "channel_left", "group_left", "channel_archive", "group_archive"],
  ...["channel_deleted", "group_deleted", "channel_id_changed"],
];
