import { isDeepStrictEqual } from "node:util";
import { DeliveryError } from "../adapter/errors.ts";
import type { Platform } from "../adapter/Platform.ts";
import { truncate } from "../adapter/text/truncate.ts";
import { sha256 } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import { withTimeout } from "../runtime/async.ts";
import type { Services } from "../services/Services.ts";
import { type Attempts, noteDraft } from "../store/attempts.ts";
import { kindOf, MOST_REPLY } from "./askAgent.ts";
import type { ClaimedMessage } from "./makeTurn.ts";

/** A reply that is whole within it is not shown before, milliseconds. */
const PATIENCE = 700;

/** Between two drafts, milliseconds: platforms take about a change a second of a message. */
const EACH = 1_000;

/** After a draft that failed, unless the platform asks for more, milliseconds. */
const AFTER_FAILURE = 5_000;

/** The longest wait that a platform may ask for, milliseconds: no function runs for longer. */
const WORTH_A_WAIT = 60_000;

/** What showing one may take, milliseconds: the reply waits for it. */
const TO_SHOW = 3_000;

/** A reply that is shown while it is being written. */
export interface ShownReply {
  /** For the agent; absent where the platform shows no drafts. */
  readonly show?: (text: string) => void;
  /** Shows nothing from now on; resolves once the last draft has settled, so that none comes after the reply. */
  end(): Promise<void>;
  /** Where a draft stands in the chat until it is replaced; empty where none does. */
  stands(): { readonly draft?: Json };
}

/**
 * Shows what an agent has written so far, at the pace that platforms take: always the newest, one call at a time. Where a
 * draft stays in the chat, its place is noted with the first one, so that whatever happens to this attempt, another one's
 * drafts, the reply or the apology replaces it. No failure of it is one of the reply's.
 *
 * @param attempts this one included
 * @param onShown called with each draft that is shown
 */
export function showDrafts(
  services: Services,
  message: ClaimedMessage,
  attempts: Attempts,
  onShown: () => void,
): ShownReply {
  const { platform: name, message: given } = message.job;
  let ref = attempts.draft;
  const platform = services.platform(name);
  const stands = () => (ref === undefined ? {} : { draft: ref });
  if (!platform?.showDraft) return { end: async () => {}, stands };
  const { showDraft } = platform;
  const key = sha256(`${message.conversation}|${message.turn}|draft`).toString("hex");
  let latest: string | undefined;
  let shown = "";
  let isOver = false;
  let flight: Promise<void> | undefined;
  let rest: NodeJS.Timeout | undefined;

  const showOne = async (written: string): Promise<void> => {
    const text = firstPiece(platform, written);
    if (text === "" || text === shown) return;
    shown = text;
    const draft = { text, replyTo: given.replyTo, key, ...(ref === undefined ? {} : { shown: ref }) };
    const late = new DeliveryError("timeout", `no draft within ${TO_SHOW} ms`);
    const made = await withTimeout(TO_SHOW, late, (signal) => showDraft.call(platform, { ...draft, signal }));
    if (!made) {
      isOver = true;
      return;
    }
    onShown();
    const before = ref;
    ref = made.ref ?? ref;
    // Once it is over, the turn has it in a moment, or the note of a failure does.
    if (ref === undefined || isOver || isDeepStrictEqual(ref, before)) return;
    const { table, clock } = services;
    await noteDraft(table, message.conversation, message.turn, { ...attempts, draft: ref }, clock.now());
  };

  const next = () => {
    if (isOver || flight || rest || latest === undefined) return;
    const written = latest;
    latest = undefined;
    flight = showOne(written)
      .then(
        () => EACH,
        (error: unknown) => {
          services.log.warn("draft.failed", { session: message.claimed.session, platform: name, kind: kindOf(error) });
          const { retry = false, retryAfter = 0 } = error instanceof DeliveryError ? error : {};
          if (!retry || retryAfter > WORTH_A_WAIT) isOver = true;
          return Math.max(AFTER_FAILURE, retryAfter);
        },
      )
      .then((wait) => {
        flight = undefined;
        pause(wait);
      });
  };
  const pause = (wait: number) => {
    if (isOver) return;
    rest = setTimeout(() => {
      rest = undefined;
      next();
    }, wait);
  };
  pause(PATIENCE);

  return {
    show: (text) => {
      latest = text;
      next();
    },
    end: async () => {
      isOver = true;
      clearTimeout(rest);
      await flight;
    },
    stands,
  };
}

function firstPiece({ render }: Platform, text: string): string {
  return render(truncate(text, MOST_REPLY))[0] ?? "";
}
