/**
 * How middy runs a handler. It must not answer for one that is out of time: Lambda would take that for the end of the
 * invocation and keep the process, in which the late work goes on beside later invocations, its leases over. Without an
 * answer Lambda kills the process, which is what the leases count on.
 */
export const handlerSettings = { timeoutEarlyInMillis: 0 } as const;
