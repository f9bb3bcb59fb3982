import { expect, it } from "vitest";
import { DeliveryError, HttpError } from "../../../lib/adapter/errors.ts";
import { ProviderBug } from "../../../lib/session-end/errors.ts";
import { TranscriptError } from "../../../lib/session-end/loadEndedSession.ts";
import { saysOf } from "../../../lib/store/breakers.ts";

it.each([
  ["down", "no answer in time", new DeliveryError("timeout", "late")],
  ["down", "a connection that broke", new DeliveryError("transient", "reset", { outcome: "unknown" })],
  ["down", "a server that is not there", new DeliveryError("transient", "refused", { outcome: "not-sent" })],
  ["down", "no answer, from an adapter that asks `http` itself", new HttpError("no answer", "unknown")],
  ["down", "a 503", new DeliveryError("transient", "unwell", { status: 503 })],
  ["up", "a 409, though it is tried again", new DeliveryError("transient", "at work", { status: 409 })],
  ["up", "a 429", new DeliveryError("throttled", "too many", { status: 429 })],
  ["up", "a 401", new DeliveryError("auth", "who?", { status: 401 })],
  ["up", "a refusal without a status, as of a vendor's SDK", new DeliveryError("invalid", "no")],
  [undefined, "a request that could not be sent", new DeliveryError("invalid", "no", { outcome: "not-sent" })],
  [undefined, "a bug", new ProviderBug("crm", new TypeError("no"))],
  [undefined, "a transcript that is not whole", new TranscriptError("short", true)],
])("says %s of the provider: %s", (says, _what, error) => {
  expect(saysOf(error)).toBe(says);
});
