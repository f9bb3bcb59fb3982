/** What Lambda may need beyond a function's timeout to end the invocation and to delete its message, seconds. */
const SLACK = 5;

/** 14 days, the longest that SQS keeps a message, seconds: a weekend without an operator loses nothing. */
const LONGEST_RETENTION = 14 * 86_400;

/** The time limits of the functions, seconds. */
const timeouts = {
  /** Platforms give up after 3 to 10 seconds and deliver again. */
  webhook: 10,
  /** An agent that takes longer than a minute has lost the person who waits. */
  message: 60,
  /** A sweep after an outage has more to do than a minute's; the next one runs beside it. */
  expiry: 120,
  /** The config lets one provider call take up to 45 s; the rest is for the transcript and the ledger. */
  sessionEnd: 60,
} as const;

/**
 * What calls the functions, and how: the one description of it. The constructs build the template from it, the local
 * runner plays the template, and a test proves that the template says the same. Times in seconds.
 */
export const wiring = {
  timeouts,

  inbound: {
    /**
     * Just over the function's own timeout. The usual advice of six times as long would let a person wait six minutes
     * after a crash; the turn lease guards against an overlap.
     */
    visibilityTimeout: timeouts.message + SLACK,
    retention: LONGEST_RETENTION,
    /**
     * A receive is no attempt: Lambda receives a message before it knows that the function is throttled, and it comes back
     * after its visibility timeout. So many receives are almost two hours of that. Attempts are counted in the table,
     * by code that ran; what fails before it gets that far uses its receives up within 40 minutes (workQueue.ts).
     */
    maxReceiveCount: 100,
    /** One message an invocation: the crash of one conversation's turn never repeats another's reply. */
    batchSize: 1,
  },

  sessionEnd: {
    /** Just over the function's own timeout, as above; the hook lease guards against an overlap. */
    visibilityTimeout: timeouts.sessionEnd + SLACK,
    retention: LONGEST_RETENTION,
    /**
     * The hook's row counts the attempts and ends them; this catches only a job that never gets as far as its row, by
     * throttling or its own fault. The sweep enqueues its hook again.
     */
    maxReceiveCount: 100,
    /** One job an invocation: nobody waits for another job's failure. */
    batchSize: 1,
  },

  visits: {
    /** Just over the function's own timeout. A visit that is made twice does no harm. */
    visibilityTimeout: timeouts.expiry + SLACK,
    /** What is late by so much has long been visited by a sweep, seconds. */
    retention: 600,
    /** A message is what falls due within the same seconds. */
    batchSize: 1,
    /** Batches at once for each sweep, two being the least that Lambda limits a queue to. */
    batchesASweep: 2,
  },

  stream: {
    /** From the first record on: a session that ended while the mapping was being made is not lost. */
    startingPosition: "TRIM_HORIZON",
    /** Sealing is a few small calls, so that a hundred fit the function's time many times over. */
    batchSize: 100,
    /** No waiting: what ended should be delivered now. */
    maxBatchingWindow: 0,
    /** Ten batches of a shard at once, the most there can be: a daily reset ends many sessions in one minute. */
    parallelizationFactor: 10,
    /**
     * No limit: five were used up within seconds by a short blip of the table, and what is given up is sealed by the sweep
     * without its reason, after a reset up to a day late. A record that fails by its own fault is set aside by the code
     * after four minutes, so that it does not hold up its part of the shard: lib/expiry/sealFromStream.ts.
     */
    retryAttempts: -1,
    /** A batch with a bad record is halved until the record is alone; the good ones go on. */
    bisectBatchOnError: true,
    /**
     * A stream keeps a record for 24 hours and then drops it without a word: an hour before it goes to the failures. Less
     * would give up during an outage what its end still mends; the sweep needs no record at all.
     */
    maxRecordAge: 23 * 3_600,
    /** How long the failures are kept: they say where in the stream to look, which is of no use for longer. */
    failuresRetention: LONGEST_RETENTION,
    /** A conversation stopped naming its session: its item is gone, or was given a successor. */
    filters: [
      { eventName: ["REMOVE"], dynamodb: { Keys: { sk: { S: ["LIVE"] } } } },
      {
        eventName: ["MODIFY"],
        dynamodb: { Keys: { sk: { S: ["LIVE"] } }, NewImage: { ended: { S: [{ exists: true }] } } },
      },
    ],
  },

  schedules: {
    /** Session ends are mostly punctual to the second: each sweep queues what falls due within a minute. */
    sweep: {
      expression: "rate(1 minute)",
      input: { type: "sweep" },
      /** The next sweep comes anyway: a late one is of no use beside it. */
      retryAttempts: 0,
      maxEventAge: 60,
    },
    retention: {
      /** A run deletes some 9,900 sessions; one that finds nothing costs eight queries. */
      expression: "rate(10 minutes)",
      input: { type: "retention" },
      /** The next run comes anyway. */
      retryAttempts: 0,
      maxEventAge: 60,
    },
  },
} as const;
