/** The section of docs/operate/runbook.md for an alarm, as its address ends; the alarm's name is the part behind the stack's. */
export function sectionOf(alarm: string): string {
  if (/-(errors|throttles)$/.test(alarm)) return "errors-and-throttles";
  if (/^sweep-(\d+-)?not-running$/.test(alarm)) return "sweep-not-running";
  const together = TOGETHER.find((names) => names.includes(alarm));
  return together ? together.join("-and-") : alarm;
}

/** Alarms that share a section. */
const TOGETHER = [
  ["dead-hooks", "session-end-dead-letters"],
  ["retention-not-running", "purge-failures"],
  ["stream-behind", "stream-failures"],
];

/** Which alarm tells of the same as a check of the doctor's, when nobody looks. */
const ALARMS: readonly (readonly [check: RegExp, alarm: string])[] = [
  [/^sweep schedule$|^schedule$/, "sweep-not-running"],
  [/^retention schedule$/, "retention-not-running"],
  [/^inbound dead letters$/, "inbound-dead-letters"],
  [/^session-end dead letters$/, "session-end-dead-letters"],
  [/^stream failures$/, "stream-failures"],
  [/^message sources$|^inbound queue$/, "inbound-waiting"],
  [/^expiry sources$/, "recovered-sessions"],
  [/^session-end sources$|^session-end queue$|^oldest due$/, "oldest-unfinished-hook"],
  [/^concurrency$/, "message-throttles"],
  [/^webhooks?\b|^secrets?$/, "webhook-failures"],
  [/ deliveries$/, "provider-down"],
];

/** The alarm that tells of the same as a check of the doctor's; undefined: none does. */
export function alarmOf(check: string): string | undefined {
  return ALARMS.find(([pattern]) => pattern.test(check))?.[1];
}
