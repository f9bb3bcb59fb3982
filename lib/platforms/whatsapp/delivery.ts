import * as v from "valibot";
import type { OutboundChunk, Undelivered } from "../../adapter/Platform.ts";
import { cleanText } from "../../adapter/text/truncate.ts";
import { kindOf } from "./kindOf.ts";
import type { WhatsAppStatus } from "./schema.ts";

/** The most of `biz_opaque_callback_data`, bytes. */
const MOST = 512;

const markSchema = v.strictTuple([v.string(), v.string(), v.string()]);

/**
 * What goes along with a piece and comes back with its statuses, so that a failure finds its turn: the Cloud API knows no
 * idempotency key. Undefined where it is too long, or the piece is no part of a session.
 */
export function markOf({ key, session, conversation }: OutboundChunk): string | undefined {
  const mark = JSON.stringify([key, session, conversation]);
  return session === "" || Buffer.byteLength(mark) > MOST ? undefined : mark;
}

/** The news of a status; undefined of one that is no failure, or not of a piece that went out from here. Pure. */
export function undeliveredOf(status: WhatsAppStatus): Undelivered | undefined {
  const { id, recipient_id: to, recipient_user_id: user, errors = [] } = status;
  const mark = status.status === "failed" ? readMark(status.biz_opaque_callback_data) : undefined;
  if (!mark || (to === undefined && user === undefined)) return undefined;
  const [key, session, conversation] = mark;
  const replyTo = { ...(to === undefined ? {} : { to }), ...(user === undefined ? {} : { user }) };
  return { id, key, session, conversation, kind: kindOf(errors[0]?.code) ?? "transient", replyTo };
}

/** Whoever else sends from the same number puts anything there. */
function readMark(data = ""): v.InferOutput<typeof markSchema> | undefined {
  try {
    const mark = v.safeParse(markSchema, JSON.parse(data));
    return mark.success && mark.output.every((part) => part !== "" && part === cleanText(part))
      ? mark.output
      : undefined;
  } catch {
    // Not ours.
    return undefined;
  }
}
