import type { ReadServices } from "../../runtime/readItems.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { listRecords } from "../listRecords.ts";
import { type Operation, operationSchema } from "./Operation.ts";
import { readOperation } from "./operationRow.ts";

/** Bulk actions that are looked through for a name, the newest ones. */
const MOST = 1_000;

/** The bulk action that a person means: by its id, the end of that, or its name; of several of a name the newest. @throws CommandFailed */
export async function findOperation(services: ReadServices, given: string): Promise<Operation> {
  const exact = await readOperation(services.table, given.toUpperCase());
  if (exact) return exact;
  const { records } = await listRecords(services, "OPERATION", operationSchema, { limit: MOST });
  const tail = given.replace(/^(…|\.{2,3})/, "").toUpperCase();
  const found = records.find(({ name }) => name === given) ?? records.find(({ id }) => id.endsWith(tail));
  if (!found) throw new CommandFailed(`no bulk action "${given}": npx vesper operations ls lists them`);
  return found;
}
