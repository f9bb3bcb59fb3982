import { keyPart } from "../../runtime/keyPart.ts";
import type { InboundLetter } from "../inbound/InboundLetter.ts";
import { isWithin, type Period } from "./Period.ts";

/** Which letters of the inbound dead-letter queue are meant, by when they were accepted; all of them when it says nothing. */
export interface LetterQuery extends Period {
  /** How the queue's id begins, or all of it. */
  readonly id?: string | undefined;
  /** The platform's name in the config. */
  readonly platform?: string | undefined;
  /** The conversation's key, or its chat's id. */
  readonly conversation?: string | undefined;
  /** The platform's id of whoever wrote. */
  readonly user?: string | undefined;
}

/** Whether a letter is meant. What can't be read is meant by its id alone, or by no word at all. */
export function isLetterMeant(query: LetterQuery, letter: InboundLetter): boolean {
  const { id, platform, conversation, user, since, until } = query;
  const { acceptedAt } = letter;
  return (
    (id === undefined || letter.id.startsWith(id.toLowerCase())) &&
    (platform === undefined || letter.platform === platform) &&
    (user === undefined || letter.user === user) &&
    (conversation === undefined ||
      letter.conversation === conversation ||
      letter.conversation?.split("/")[2] === keyPart(conversation)) &&
    ((since === undefined && until === undefined) ||
      (acceptedAt !== null && isWithin({ since, until }, Date.parse(acceptedAt))))
  );
}
