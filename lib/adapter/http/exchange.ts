import { VesperError } from "../../domain/VesperError.ts";
import { DeliveryError, HttpError } from "../errors.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "./HttpClient.ts";

/**
 * Sends one request of a platform or provider; no answer becomes a `DeliveryError` that says whether the other side may
 * have acted, and so does a request that can't be sent at all. An answer is returned whatever its status.
 */
export async function exchange(http: HttpClient, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await http.send(request);
  } catch (cause) {
    if (cause instanceof VesperError && !cause.retry) {
      throw new DeliveryError("invalid", cause.message, { cause, outcome: "not-sent" });
    }
    if (!(cause instanceof HttpError)) throw cause;
    const cut = request.signal?.aborted || (cause.cause instanceof Error && cause.cause.name === "TimeoutError");
    throw new DeliveryError(cut ? "timeout" : "transient", cause.message, { cause, outcome: cause.outcome });
  }
}
