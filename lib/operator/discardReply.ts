import type { Services } from "../runtime/Services.ts";
import { VesperError } from "../runtime/VesperError.ts";
import type { FailedReply } from "../transcript/FailedReply.ts";
import { updateFailedReply } from "./updateFailedReply.ts";

/** The most characters of a reason: it is stored with the turn, in an item of a limited size. */
const MOST_REASON = 500;

/**
 * Takes a failed reply off the list: nobody wants it any more. It stays with its turn, together with the reason.
 *
 * @returns whether it was discarded; false when it is no failed reply any more
 */
export async function discardReply(
  { table, clock }: Pick<Services, "table" | "clock">,
  reply: FailedReply,
  reason: string,
): Promise<boolean> {
  if (reason.trim() === "" || reason.length > MOST_REASON) throw new BadReason(reason.length);
  const discarded = { at: clock.now(), reason };
  return updateFailedReply(table, reply, "SET undelivered.discarded = :value REMOVE #state", discarded);
}

class BadReason extends VesperError {
  override readonly name = "BadReason";
  readonly retry = false;
  constructor(characters: number) {
    super(`the reason has ${characters} characters; say in 1 to ${MOST_REASON} why the reply is not wanted any more`);
  }
}
