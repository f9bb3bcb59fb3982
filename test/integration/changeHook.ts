import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { HookJob } from "../../lib/domain/HookJob.ts";
import { hookItem } from "../../lib/store/keys.ts";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";

/** Changes one attribute in the row of `crm`'s hook; the expression calls it `:value`. */
export async function changeHook(
  harness: GatewayHarness,
  job: HookJob,
  UpdateExpression: string,
  value: unknown,
): Promise<void> {
  const { client, name: TableName } = harness.operatorTable;
  const Key = hookItem(job.session, "crm");
  await client.send(
    new UpdateCommand({ TableName, Key, UpdateExpression, ExpressionAttributeValues: { ":value": value } }),
  );
}
