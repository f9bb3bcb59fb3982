/** From this age on an unfinished hook is one to tell an operator of: seven attempts have failed by then. Milliseconds. */
export const LONG_UNFINISHED = 3_600_000;
