/** When a session ends by itself. Durations in milliseconds. */
export interface SessionPolicy {
  /** After this long without a user's message. */
  readonly idle?: number;
  /** At this time of day, right across changes of daylight-saving time. */
  readonly daily?: {
    readonly hour: number;
    readonly minute: number;
    readonly timeZone: string;
    /** Each conversation has a boundary of its own, up to this much later: so that they do not all end at once. */
    readonly within?: number;
  };
  /** This long after its start. */
  readonly maxAge?: number;
}
