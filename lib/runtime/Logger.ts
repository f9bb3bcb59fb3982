/** Facts of a log line. Never a secret, a message's text or a person's name: ids, counts, kinds and times. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log lines; `event` is a fixed, searchable name such as `hook.dead`. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `error` adds the error's name, message and causes. */
  error(event: string, error: unknown, fields?: LogFields): void;
}
