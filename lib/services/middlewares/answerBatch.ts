import type { MiddlewareObj } from "@middy/core";
import type { Context } from "aws-lambda";

/**
 * Makes the answer that an event source reads of the ids of the records that failed: it repeats those and no others. A
 * handler that answers nothing was not called by an event source.
 */
export function answerBatch(): MiddlewareObj<unknown, unknown, Error, Context> {
  return {
    after(request) {
      if (!Array.isArray(request.response)) return;
      request.response = { batchItemFailures: request.response.map((itemIdentifier) => ({ itemIdentifier })) };
    },
  };
}
