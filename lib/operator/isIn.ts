import { keyPart } from "../runtime/keyPart.ts";
import type { SessionQuery } from "./filter/SessionQuery.ts";
import { platformOf } from "./platformOf.ts";

/**
 * Whether a session is one of those that a query's place and id mean.
 *
 * @param conversation the conversation's key
 */
export function isIn(
  { platform, conversation: wanted, id }: Pick<SessionQuery, "platform" | "conversation" | "id">,
  conversation: string,
  session: string,
): boolean {
  return (
    (id === undefined || session.endsWith(id)) &&
    (platform === undefined || platformOf(conversation) === platform) &&
    (wanted === undefined || conversation === wanted || conversation.split("/")[2] === keyPart(wanted))
  );
}
