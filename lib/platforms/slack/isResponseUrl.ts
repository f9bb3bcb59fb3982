/** Whether an address is of the same Slack as its Web API: `hooks.slack.com` beside `slack.com`. */
export function isResponseUrl(url: string, apiBase: string): boolean {
  const { protocol, host } = new URL(apiBase);
  const { origin } = new URL(url);
  return origin === `${protocol}//hooks.${host}` || origin === `${protocol}//${host}`;
}
