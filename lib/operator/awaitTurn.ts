import { turnKey } from "../domain/Turn.ts";
import type { Services } from "../services/Services.ts";
import { lookBack, type Past } from "../store/lookBack.ts";

/** Between two looks, milliseconds: a person does not notice it, and it is a query a look. */
const PAUSE = 100;

/**
 * Waits for the turn of a message, in whichever session it comes to lie.
 *
 * @param message its delivery, and when it was written (milliseconds since the epoch)
 * @param deadline when to give up, milliseconds since the epoch
 * @returns undefined when there was none by then
 */
export async function awaitTurn(
  services: Pick<Services, "table" | "clock" | "random">,
  conversation: string,
  message: { readonly messageId: string; readonly at: number },
  deadline: number,
): Promise<NonNullable<Past["found"]> | undefined> {
  const { clock } = services;
  const wanted = { turn: turnKey(message.at, message.messageId), at: message.at };
  for (;;) {
    const { found } = await lookBack(services, conversation, wanted, clock.now());
    if (found || clock.now() >= deadline) return found;
    await clock.until(Math.min(clock.now() + PAUSE, deadline));
  }
}
