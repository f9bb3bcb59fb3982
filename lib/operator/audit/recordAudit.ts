import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { stateKey } from "../../runtime/byState.ts";
import { auditItem } from "../../runtime/keys.ts";
import type { Services } from "../../runtime/Services.ts";
import { VERSION } from "../../runtime/version.ts";
import { recordExpiry } from "../recordExpiry.ts";
import type { AuditEntry } from "./AuditEntry.ts";

/** Writes down what an operator sets about doing. */
export async function recordAudit(
  { table, clock, newId }: Pick<Services, "table" | "clock" | "newId">,
  entry: Omit<AuditEntry, "id" | "at">,
): Promise<AuditEntry> {
  const at = clock.now();
  const written: AuditEntry = { id: newId(), at, ...entry };
  const Item = {
    ...auditItem(written.id),
    v: VERSION,
    ...written,
    state: stateKey("AUDIT", written.id),
    expiresAt: recordExpiry(at),
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
  return written;
}
