import type { Placeholders } from "./expressions.ts";
import { serviceError } from "./serviceError.ts";

/** The parts of a request that have to do with expressions. */
export interface Expressions {
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

const used = new Map<string, readonly string[]>();

/** What a request's placeholders stand for. Throws as DynamoDB does for one that is unknown, and for one of no use. */
export function placeholders(input: Expressions): Placeholders {
  const names = input.ExpressionAttributeNames ?? {};
  const values = input.ExpressionAttributeValues ?? {};
  const needed = new Set<string>();
  for (const expression of [
    input.ConditionExpression,
    input.UpdateExpression,
    input.KeyConditionExpression,
    input.FilterExpression,
    input.ProjectionExpression,
  ]) {
    if (expression !== undefined) for (const token of usedBy(expression)) needed.add(token);
  }
  for (const token of needed) {
    if ((token.startsWith("#") ? names[token] : values[token]) === undefined) throw invalid(`${token} is not defined`);
  }
  for (const given of [names, values]) {
    for (const token in given)
      if (given[token] !== undefined && !needed.has(token)) throw invalid(`${token} is unused`);
  }
  return { names, values };
}

function usedBy(expression: string): readonly string[] {
  const known = used.get(expression) ?? expression.match(/[#:]\w+/g) ?? [];
  used.set(expression, known);
  return known;
}

function invalid(message: string): Error {
  return serviceError("ValidationException", message);
}
