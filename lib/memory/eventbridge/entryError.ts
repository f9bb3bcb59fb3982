import { DeliveryError, type FailureKind } from "../../adapter/errors.ts";

/** Why EventBridge has not taken an entry: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const KINDS: Readonly<Record<string, FailureKind>> = {
  InternalFailure: "transient",
  ThrottlingException: "throttled",
  AccessDeniedException: "auth",
  NotAuthorizedForSourceException: "auth",
  NotAuthorizedForDetailTypeException: "auth",
  InvalidAccountIdException: "invalid",
  InvalidArgument: "invalid",
  MalformedDetail: "invalid",
};

/** The error of an entry that was not taken. Its message says the code and never EventBridge's words. */
export function entryError(code: string | undefined): DeliveryError {
  if (code === undefined) return new DeliveryError("transient", "EventBridge answered without an event's id");
  const kind = Object.hasOwn(KINDS, code) ? KINDS[code] : undefined;
  return new DeliveryError(kind ?? "transient", `EventBridge has not taken the event: ${code}`, {
    outcome: "rejected",
  });
}
