import type { MiddlewareObj } from "@middy/core";
import type { Context } from "aws-lambda";

/**
 * Puts what a handler works with into the context of each invocation.
 *
 * @param build is asked at each invocation; what is to be built once, it keeps. What it throws fails the invocation
 */
export function provide<Provided extends object>(
  build: () => Provided,
): MiddlewareObj<unknown, unknown, Error, Context & Provided> {
  return {
    before({ context }) {
      Object.assign(context, build());
    },
  };
}
