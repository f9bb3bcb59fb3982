import * as v from "valibot";
import { DeliveryError } from "../../adapter/errors.ts";
import type { HttpResponse } from "../../adapter/http/HttpClient.ts";
import { BODY_HEAD } from "../../adapter/http/responseError.ts";
import type { EndedSession, ProviderCall, Receipt } from "../../adapter/MemoryProvider.ts";
import { formatSize } from "../../adapter/size.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import { bytesOf, type Call, callsOf, contentOf, type Progress } from "./callsOf.ts";

/**
 * The least that a receiver must take of a call, bytes: the longest ids and names, in any script, take up to seven
 * thousand of them before any words.
 */
export const LEAST_BYTES = 8_000;

/** Content Too Large: https://www.rfc-editor.org/rfc/rfc9110#name-413-content-too-large */
const TOO_LARGE = 413;

const progressSchema = v.object({
  limit: v.number(),
  done: v.array(v.number()),
  content: v.exactOptional(v.string()),
});

/**
 * Sends a session in one call, or in parts where it is larger than the receiver takes: as the config says, or as its 413
 * says, upon which the limit is halved. The limit and what was acknowledged are in the checkpoint, so that a later
 * attempt repeats none of it.
 *
 * @param maxBytes the most bytes of a body; infinity: not known
 * @param post makes a call; throws `DeliveryError`
 */
export async function sendSession(
  session: EndedSession,
  { deliveryKey, checkpoint, saveCheckpoint }: Pick<ProviderCall, "deliveryKey" | "checkpoint" | "saveCheckpoint">,
  maxBytes: number,
  post: (call: Call) => Promise<HttpResponse>,
): Promise<Receipt> {
  const stored = v.safeParse(progressSchema, checkpoint);
  const content = contentOf(session);
  // Parts of another limit, or of other words, are other parts.
  const limit = stored.success ? Math.min(stored.output.limit, maxBytes) : maxBytes;
  const isSame = stored.success && stored.output.limit === limit && (stored.output.content ?? content) === content;
  let progress: Progress = { limit, done: isSame ? stored.output.done : [], content };
  let calls = callsOf(session, deliveryKey, progress);
  for (;;) {
    const [call, ...later] = calls;
    if (!call) throw new DeliveryError("invalid", "an earlier attempt has sent more than the session has");
    try {
      const { status, text } = await post(call);
      const parts = call.part.of === 1 ? "" : `${call.part.of} parts of at most ${formatSize(progress.limit)}: `;
      // The end of the hook is the note of the last one.
      if (later.length === 0) return { id: call.id, status, body: truncate(`${parts}${text}`, BODY_HEAD) };
      progress = { ...progress, done: [...progress.done, call.part.number] };
      calls = later;
    } catch (error) {
      progress = { limit: smallerLimit(error, call, progress), done: [], content };
      calls = callsOf(session, deliveryKey, progress);
    }
    await saveCheckpoint({ ...progress });
  }
}

/**
 * Half of what was refused as too large. Throws the error when it says anything else, when not even the least is taken,
 * and when a larger part was: with another limit the receiver would get that one's words again.
 */
function smallerLimit(error: unknown, { body }: Call, { limit, done }: Progress): number {
  if (!(error instanceof DeliveryError) || error.status !== TOO_LARGE || done.length > 0) throw error;
  const refused = Math.min(limit, bytesOf(body));
  if (refused <= LEAST_BYTES) throw error;
  return Math.max(LEAST_BYTES, Math.floor(refused / 2));
}
