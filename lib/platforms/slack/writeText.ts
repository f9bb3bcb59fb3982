/**
 * A text in which no word of the agent's calls a whole channel or group: what users write must not make it do so. Their
 * names stay. Pure.
 */
export function withoutAlarms(markdown: string): string {
  return markdown.replace(/<!(here|channel|everyone|subteam\^\w+)(?:\|([^<>]*))?>/g, (_, name: string, label = "") => {
    return label === "" ? `@${name.split("^")[0]}` : `@${label.replace(/^@/, "")}`;
  });
}

/** A text in which Slack finds no mark of its own: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
