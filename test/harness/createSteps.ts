import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { vi } from "vitest";
import type { createHandler as createExpiry } from "../../functions/expiry.ts";
import type { createHandler as createMessage } from "../../functions/message.ts";
import type { createHandler as createSessionEnd } from "../../functions/session-end.ts";
import type { CallGate } from "./CallGate.ts";
import { QueueSource } from "./QueueSource.ts";
import type { startAws } from "./startAws.ts";

/** Steps of `settle` before something is taken to run in circles. */
const MOST_STEPS = 2_000;

/** The handlers behind the event sources. */
interface Handlers {
  readonly message: ReturnType<typeof createMessage>;
  readonly expiry: ReturnType<typeof createExpiry>;
  readonly sessionEnd: ReturnType<typeof createSessionEnd>;
}

/** What a function knows of its own end, which is so many milliseconds away. */
export const context = (milliseconds: number): Context => {
  const end = Date.now() + milliseconds;
  return { getRemainingTimeInMillis: () => end - Date.now() } as Context;
};

/**
 * The event sources, stepped by the test.
 *
 * @param client reads the queues, not counted and not killed
 * @param hookUrls the queues of the providers that the config has now
 */
export function createSteps(
  aws: Awaited<ReturnType<typeof startAws>>,
  gate: CallGate,
  client: SQSClient,
  handlers: Handlers,
  hookUrls: () => readonly string[],
) {
  const { wiring, stream } = aws;
  const sourceOf = (url: string) => new QueueSource(client, url, () => aws.waiting(url).visible === 0);
  const inboundSource = sourceOf(wiring.queues.inbound);
  const visitSource = sourceOf(wiring.queues.visits);
  const sessionEndSources = (["crm", "wiki", "builtin"] as const).map(
    (provider) => [provider, sourceOf(wiring.queues.sessionEnd[provider])] as const,
  );

  const step = {
    message: () =>
      inboundSource.step((event) => gate.invoke(() => handlers.message(event, context(60_000)), "message")),
    stream: () => stream.step((event) => gate.invoke(() => handlers.expiry(event, context(120_000)), "expiry")),
    /** The visits that a sweep saw coming and whose moment has come. */
    visit: () =>
      visitSource.step(async (event) => {
        await gate.invoke(() => handlers.expiry(event, context(120_000)), "expiry");
        return { batchItemFailures: [] };
      }),
    /** The first of the providers' queues that has a job, or that of one provider. */
    sessionEnd: async (of?: keyof typeof wiring.queues.sessionEnd) => {
      for (const [provider, source] of sessionEndSources) {
        // The mapping of one that no provider has any more is gone.
        const isThere = hookUrls().some((url) => url === wiring.queues.sessionEnd[provider]);
        if (!isThere || (of !== undefined && provider !== of)) continue;
        const isStepped = await source.step((event) =>
          gate.invoke(() => handlers.sessionEnd(event, context(60_000)), "session-end"),
        );
        if (isStepped) return true;
      }
      return false;
    },
  };

  /** Lets the event sources work until nothing is left that is visible now. */
  async function settle(): Promise<void> {
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const moved =
        (await step.message()) || (await step.visit()) || (await step.stream()) || (await step.sessionEnd());
      if (!moved) return;
    }
    throw new Error(`not settled after ${MOST_STEPS} steps`);
  }

  /** How many visits wait for their moment, or to be made. */
  function visitsToCome(): number {
    const { visible, delayed } = aws.waiting(wiring.queues.visits);
    return visible + delayed;
  }

  /** The clock moves on to the last of the visits that a sweep saw coming. */
  async function makeVisits(): Promise<void> {
    while (visitsToCome() > 0) if (!(await step.visit())) vi.setSystemTime(Date.now() + 1_000);
  }

  return { step, settle, makeVisits };
}
