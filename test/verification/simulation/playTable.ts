import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type Place, tableCommand } from "./tableCommand.ts";
import type { TableStep } from "./tableSteps.ts";

/** Carries out a request as an SDK client does. */
type Send = (command: ReturnType<typeof tableCommand>) => Promise<object>;

/** Pages before a query is taken to run in circles. */
const MOST_PAGES = 50;

/** Carries out a step; answers all that its caller can tell: an answer, every page of a query, or an error. */
export async function playTable(step: TableStep, place: Place, send: Send): Promise<unknown> {
  const command = tableCommand(step, place);
  try {
    if (!(command instanceof QueryCommand)) return told(await send(command), place);
    const pages: unknown[] = [];
    for (let input = command.input; pages.length < MOST_PAGES; ) {
      const page = await send(new QueryCommand(input));
      pages.push(told(page, place));
      if (!("LastEvaluatedKey" in page) || !page.LastEvaluatedKey) break;
      input = { ...command.input, ExclusiveStartKey: page.LastEvaluatedKey };
    }
    return pages;
  } catch (error) {
    if (!(error instanceof Error && "$fault" in error)) throw error;
    // What is wrong with a request is told in words that nobody should depend on; callers know it by its name.
    return { name: error.name, item: "Item" in error ? error.Item : undefined };
  }
}

function told(answer: object, { table }: Place): object {
  const { $metadata: _, ...rest } = { $metadata: undefined, ...answer };
  if (!("Responses" in rest)) return rest;
  // A batch is answered in no order.
  const items = (rest.Responses as Record<string, { pk: string; sk: string }[]>)[table] ?? [];
  return { ...rest, Responses: items.toSorted((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1)) };
}
