import type { Placeholders } from "./expressions.ts";
import { invalid } from "./invalid.ts";

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

const NONE: Readonly<Record<string, never>> = {};

/** What a request's placeholders stand for. Throws as DynamoDB does for one that is unknown, and for one of no use. */
export function placeholders(input: Expressions): Placeholders {
  const names = input.ExpressionAttributeNames ?? NONE;
  const values = input.ExpressionAttributeValues ?? NONE;
  const needed = [
    input.ConditionExpression,
    input.UpdateExpression,
    input.KeyConditionExpression,
    input.FilterExpression,
    input.ProjectionExpression,
  ].map(usedBy);
  for (const tokens of needed) {
    for (const token of tokens) {
      const given = token.startsWith("#") ? names[token] : values[token];
      if (given === undefined) throw invalid(`${token} is not defined`);
    }
  }
  for (const given of [names, values]) {
    for (const token in given) {
      const isUsed = given[token] === undefined || needed.some((tokens) => tokens.includes(token));
      if (!isUsed) throw invalid(`${token} is unused`);
    }
  }
  return { names, values };
}

const NO_TOKENS: readonly string[] = [];

function usedBy(expression: string | undefined): readonly string[] {
  if (expression === undefined) return NO_TOKENS;
  const known = used.get(expression);
  if (known) return known;
  const found = [...new Set(expression.match(/[#:]\w+/g))];
  used.set(expression, found);
  return found;
}
