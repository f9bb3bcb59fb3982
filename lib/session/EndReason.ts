/** Why a session ended. `recovered`: its end was found by the sweep after the record of it had been lost. */
export const END_REASONS = ["idle", "daily", "reset", "max-age", "max-size", "api", "recovered"] as const;

export type EndReason = (typeof END_REASONS)[number];
