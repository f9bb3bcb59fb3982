import { inject } from "vitest";
import { startDynamoDb } from "../../../emulators/dynamodb/startDynamoDb.ts";
import { createTable } from "../../../local/tables/createTable.ts";
import { tableSpec } from "../../../local/tables/tableSpec.ts";
import { readResources } from "../../../local/template/readResources.ts";
import { parseTemplate } from "../../../local/template/Template.ts";
import { clientsOf } from "../../emulators/dynamodb/startTable.ts";
import { tableClient } from "../../harness/clients.ts";

/** The emulator with the template's table, and its clients. */
export async function startTemplateTable() {
  const dynamoDb = await startDynamoDb({ ttlInterval: 0 });
  const template = parseTemplate(JSON.parse(inject("template")));
  const [table] = readResources(template, "AWS::DynamoDB::Table", tableSpec, String);
  if (!table) throw new Error("the template has no table");
  const { raw, streams } = clientsOf(dynamoDb.endpoint);
  const { streamArn = "" } = await createTable(raw, table.id, table.properties);
  const { endpoint } = dynamoDb;
  return { dynamoDb, streams, streamArn, table: table.id, client: tableClient(endpoint) };
}
