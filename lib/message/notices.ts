import type { Services } from "../services/Services.ts";
import { resetNotice } from "./commands.ts";
import type { ClaimedMessage } from "./makeTurn.ts";

const ONLY_TEXT = "(I read text only: what is in an attachment I can't see.)";

/** What a user is told before the reply, and the agent and memory are not; undefined when there is nothing. */
export function notices(services: Services, message: ClaimedMessage): string | undefined {
  const told = [startNotice(services, message), attachmentNotice(services, message)].filter((one) => one !== undefined);
  return told.length > 0 ? told.join("\n") : undefined;
}

/** Told once a session, to the first person who writes in it; not to one whose own wish the new session was. */
function startNotice(services: Services, { claimed, history, job }: ClaimedMessage): string | undefined {
  const { previous } = claimed;
  const { role, origin, command } = job.message;
  const isPerson = role === "user" && origin === "chat";
  const told = history.some((turn) => turn.text !== undefined && turn.origin === "chat" && !turn.heard);
  const ownWish = command !== undefined && previous?.reason === "reset";
  if (!services.config.notices.reset || !previous || !isPerson || told || ownWish) return undefined;
  return resetNotice(previous.reason);
}

/** Told once a session, with the first attachment that the agent can't take. */
function attachmentNotice(services: Services, { history, job }: ClaimedMessage): string | undefined {
  const isFirst =
    job.message.attachments !== undefined && history.every(({ attachments }) => attachments === undefined);
  return isFirst && !services.agent().takesAttachments ? ONLY_TEXT : undefined;
}
