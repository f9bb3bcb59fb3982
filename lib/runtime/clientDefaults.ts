/**
 * How the functions' AWS clients wait. A call takes milliseconds; one that hangs is broken off, and repeated by the SDK,
 * well within the function's own time. Milliseconds.
 */
export const clientDefaults = {
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
