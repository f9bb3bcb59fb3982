/** How far a platform's clock may be ahead of ours, milliseconds; the edge refuses or distrusts a message time beyond it. */
export const CLOCK_TOLERANCE = 60_000;
