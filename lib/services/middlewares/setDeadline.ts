import type { MiddlewareObj } from "@middy/core";
import type { Context } from "aws-lambda";
import type { CoreServices } from "../Services.ts";

/** When Lambda cuts an invocation off. */
export interface Deadline {
  /** Milliseconds since the epoch, by the gateway's clock. */
  readonly deadline: number;
}

/** Puts the deadline of each invocation into its context, from Lambda's remaining time. Runs after `provide`. */
export function setDeadline(): MiddlewareObj<
  unknown,
  unknown,
  Error,
  Context & Deadline & { readonly services: Pick<CoreServices, "clock"> }
> {
  return {
    before({ context }) {
      const deadline = context.services.clock.now() + context.getRemainingTimeInMillis();
      Object.assign(context, { deadline } satisfies Deadline);
    },
  };
}
