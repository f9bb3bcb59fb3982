/** What one step of the flow does outside its process. Counted, not estimated: test/verification/cost.test.ts plays it. */
export interface Work {
  /** Write units of the table, its index included. */
  readonly written: number;
  /** Read units, with a transcript of less than 4 KB. */
  readonly read: number;
  /** Requests to SQS that the function makes itself. */
  readonly sent: number;
  /** Calls of platforms and providers. */
  readonly posted: number;
  /** Lines in the log, metrics apart. */
  readonly logged: number;
  /** Metrics with a line of their own. */
  readonly metrics: number;
  /** Metrics that stand in one of the log's lines. */
  readonly carried: number;
}

/** Each step, as `http` platform and `webhook` provider make it; messages and items are under 1 KB, long turns apart. */
export const counts = {
  /** The webhook function takes a call with one message. */
  accept: { written: 0, read: 0, sent: 1, posted: 0, logged: 0, metrics: 0, carried: 0 },
  /** The message function makes a turn in a running session. */
  turn: { written: 2, read: 2, sent: 0, posted: 1, logged: 0, metrics: 1, carried: 0 },
  /** The same in the middle of a session of ten turns, each of 3 KB of prose, half of them the message and half the reply. */
  longTurn: { written: 3, read: 4, sent: 0, posted: 1, logged: 0, metrics: 1, carried: 0 },
  /** The same where the message starts the conversation's next session, notice included. */
  firstTurn: { written: 5, read: 4, sent: 0, posted: 2, logged: 0, metrics: 2, carried: 0 },
  /** A sweep that finds nothing. */
  sweep: { written: 0, read: 4, sent: 0, posted: 0, logged: 1, metrics: 1, carried: 0 },
  /** What the visit of a session that goes on, for half an hour at the most, adds to it. */
  goesOn: { written: 0, read: 1, sent: 0, posted: 0, logged: 0, metrics: 0, carried: 0 },
  /** What the visit of a session that has expired adds to it. */
  expire: { written: 1, read: 1, sent: 0, posted: 0, logged: 0, metrics: 0, carried: 0 },
  /** The stream's record: the session is sealed, with a hook for one provider. */
  seal: { written: 5, read: 2, sent: 1, posted: 0, logged: 1, metrics: 0, carried: 2 },
  /** What each further provider adds to that. */
  sealFurther: { written: 2, read: 0, sent: 1, posted: 0, logged: 0, metrics: 0, carried: 0 },
  /** The session-end function delivers to one provider. */
  deliver: { written: 3, read: 3, sent: 0, posted: 1, logged: 1, metrics: 0, carried: 2 },
  /** Retention deletes a session of one turn and one hook. */
  purge: { written: 4, read: 1.5, sent: 0, posted: 0, logged: 0, metrics: 0, carried: 0 },
  /** What each further turn or hook adds to that. */
  purgeFurther: { written: 1, read: 0, sent: 0, posted: 0, logged: 0, metrics: 0, carried: 0 },
  /** The same of a long turn. */
  purgeLong: { written: 2, read: 0, sent: 0, posted: 0, logged: 0, metrics: 0, carried: 0 },
} as const satisfies Record<string, Work>;

/** What stands in the template whatever happens. */
export const fixtures = { alarms: 24, dashboards: 0 } as const;
