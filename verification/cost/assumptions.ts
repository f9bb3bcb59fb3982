/**
 * What can't be counted here: how long functions take on AWS, how long lines are, how AWS polls. Each with its reason, so
 * that whoever has measured better can put it in.
 */
export const assumptions = {
  /** An average month: 365.25 days / 12. */
  minutesPerMonth: 43_830,

  /** Visits that find a session still live, a session: the first is due when it would have ended without a second message. */
  rearmsPerSession: 1,
  /**
   * Sweeps that look at such a session until it is due indeed, some ten minutes later: one in each process of the function that
   * has not seen it. A function of the default settings has a few. Each sweep remembers 4,000, so 17 million sessions a month.
   */
  looksPerRearm: 3,

  /** GB, as the CDK app sets them. */
  memory: { webhook: 0.25, message: 0.25, expiry: 0.25, sessionEnd: 0.25 },

  /**
   * Seconds billed an invocation, cold starts spread over them. A call of DynamoDB or SQS within a region takes about
   * 5 ms, and about 0.35 ms of a whole CPU (measured with the SDK over loopback), of which 256 MB have a seventh: 2.5 ms.
   */
  seconds: {
    /** One call and the signature. */
    webhook: 0.03,
    /** Four calls, 7 ms of a whole CPU in all, and a reply to a platform that answers in 100 ms. */
    message: 0.175,
    /** An echo. A model costs its own time on top: see `agentDollars`. */
    agent: 0,
    /** Two calls. */
    visit: 0.02,
    /** Eight queries, and the sending of what falls due. */
    sweep: 0.05,
    /** Five calls, one session an invocation: the stream is read about four times a second, so small loads make small batches. */
    seal: 0.06,
    /** Five calls, and a provider that answers in 300 ms. */
    deliver: 0.35,
  },

  /** Bytes of a log line, with the 26 that CloudWatch adds to each. */
  logLine: 230,
  /** The same of a metric's line. */
  metricLine: 290,
  /** What a metric adds to a line of the log that carries it. */
  carriedMetric: 185,
  /** The HTTP API's access log, a call. */
  accessLine: 170,

  /**
   * Bytes kept for the retention of 30 days, index and DynamoDB's 100 bytes an item included: a turn; one with 3 KB of words,
   * packed; a session; a hook.
   */
  stored: { turn: 1_000, longTurn: 2_100, session: 900, hook: 800 },

  /**
   * Requests a month with which Lambda polls one idle queue: five pollers, as the mapping has a maximum concurrency, with
   * long polls of 20 s. They become fewer as messages come in; that is left out.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  idlePolls: 5 * 3 * 43_830,

  /** A message's requests beside its sending: one receive, one delete. */
  requestsPerMessage: 2,

  /** Metrics that have values: those of sweep and retention; with traffic eight more, where sessions end for two reasons. */
  metrics: { idle: 2, busy: 10 },

  /** Traffic beyond which every hour has values of every metric, sessions a month: one an hour. */
  busyFrom: 730,
} as const;
