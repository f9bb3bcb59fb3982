import type { Context } from "aws-lambda";

/** A handler as Lambda calls it. */
export type LambdaHandler<Event, Answer> = (event: Event, context: Context) => Promise<Answer>;

/**
 * The handler by the types of its caller. Middy's types are those of the function inside, which gets a context with more in
 * it, and whose answer a middleware may replace.
 */
export function asLambda<Event, Answer>(
  handler: (event: Event, context: never) => unknown,
): LambdaHandler<Event, Answer> {
  return handler as unknown as LambdaHandler<Event, Answer>;
}
