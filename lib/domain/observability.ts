/** Facts of a log line. Never a secret, a message's text or a person's name: ids, counts, kinds and times. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log lines; `event` is a fixed, searchable name such as `hook.dead`. */
export interface Logger {
  /** `measures` are metrics that the same line puts: a line of their own costs twice as much. */
  info(event: string, fields?: LogFields, measures?: readonly Measure[]): void;
  warn(event: string, fields?: LogFields): void;
  /** `error` adds the error's name, message and causes. */
  error(event: string, error: unknown, fields?: LogFields): void;
}

/** Units as CloudWatch names them. */
export type MetricUnit = "Count" | "Seconds" | "Milliseconds";

/** A metric's value. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: MetricUnit;
  /** As in `Metrics.put`. */
  readonly by?: Readonly<Record<string, string>>;
}

/** What an operator watches. Names are part of the alarms and the dashboard in `cdk/`. */
export interface Metrics {
  /**
   * Puts one value, for the whole gateway: each dimension is a metric more, which costs $0.30 a month. Only what `Reason` or
   * `Part` tells apart is kept by that, as an alarm or a chart asks for it.
   *
   * @param by what the value is of, such as `{ Provider: "crm" }`: it stands in the log's line
   */
  put(name: string, value: number, unit: MetricUnit, by?: Readonly<Record<string, string>>): void;
}

/** Time as the code sees it. Tests pass one that they move. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves at `time` (milliseconds since the epoch), at once when it has passed. */
  until(time: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // One more, as a timer may fire up to a millisecond before its time.
  until: (time) => new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now() + 1))),
};
