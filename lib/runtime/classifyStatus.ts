import type { FailureKind } from "./DeliveryError.ts";

/**
 * What a status other than 2xx means where a platform or provider says nothing of its own. A redirect is never
 * followed (it could lead inside our network), so it needs an operator who mends the address.
 */
export function classifyStatus(status: number): FailureKind {
  switch (status) {
    case 401:
    case 403:
      return "auth";
    case 402:
      return "quota";
    case 404:
    case 410:
      return "gone";
    case 429:
      return "throttled";
    // 409: most often another attempt is still at work.
    case 408:
    case 409:
    case 425:
      return "transient";
    default:
      return status >= 300 && status < 500 ? "invalid" : "transient";
  }
}
