import { DeliveryError } from "../runtime/DeliveryError.ts";

/**
 * What a failed attempt says of the provider. `down`: no answer, or one that says that it is unwell (5xx). `up`: any other
 * answer, whatever it thinks of us: 401, 400, 409, 429. Undefined: nothing, as it was not asked, crashed or has a bug.
 */
export function saysOf(error: unknown): "up" | "down" | undefined {
  if (!(error instanceof DeliveryError)) return undefined;
  const { kind, status, outcome } = error;
  if (status !== undefined && status < 500) return "up";
  if (kind === "timeout" || kind === "transient") return "down";
  return outcome === "not-sent" ? undefined : "up";
}
