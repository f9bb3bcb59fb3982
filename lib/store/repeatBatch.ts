import { VesperError } from "../domain/VesperError.ts";
import type { CoreServices } from "../services/Services.ts";

/** The longest first wait, milliseconds; it doubles each time: 50 to 1,600, about three seconds in all. */
const FIRST_WAIT = 50;

/** How often a batch is sent again before it is given up. */
const MOST_REPEATS = 6;

/**
 * Sends a batch to the table, and what the table left out of it again. It leaves out what it is throttled for, so each
 * repetition waits, at random and up to twice as long as the one before ("full jitter"), as AWS asks for:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 *
 * @param send sends these requests and answers which of them were left out
 * @throws UnprocessedBatch when something is left after seven attempts; and what `send` throws
 */
export async function repeatBatch<Request>(
  { clock, random }: Pick<CoreServices, "clock" | "random">,
  requests: readonly Request[],
  send: (requests: readonly Request[]) => Promise<readonly Request[]>,
): Promise<void> {
  let left = await send(requests);
  for (let repeat = 0; left.length > 0; repeat++) {
    if (repeat === MOST_REPEATS) throw new UnprocessedBatch(left.length, requests.length);
    await clock.until(clock.now() + random() * FIRST_WAIT * 2 ** repeat);
    left = await send(left);
  }
}

class UnprocessedBatch extends VesperError {
  override readonly name = "UnprocessedBatch";
  readonly retry = true;
  constructor(left: number, all: number) {
    super(
      `the table left out ${left} of a batch of ${all} after ${MOST_REPEATS + 1} attempts: it is throttled; try again later`,
    );
  }
}
