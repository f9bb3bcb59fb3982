import { AwsError } from "../AwsError.ts";
import { type Action, type ActionStore, OPTIONS, type SubStore } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { ACCOUNT, REGION } from "./names.ts";
import type { Table } from "./table.ts";

/** What one of dynalite's actions on tables comes to. */
export interface TableOutcome {
  /** The answer to the client, where the table is still being made or changed. */
  answer: { TableDescription: Table };
  /** The table when that is done. */
  table: Table;
}

/**
 * Runs dynalite's `createTable`, which writes the table twice: as it is made, and a moment later as it
 * is when done. Only the end is kept, so that no crash can leave a table that is being created for ever.
 */
export function runTableAction(engine: Engine, action: Action, data: object): Promise<TableOutcome> {
  return new Promise((resolve, reject) => {
    let answer: TableOutcome["answer"] | undefined;
    const tableDb: SubStore<Table> = {
      lock: (_key, work) => work((callback) => callback),
      get: (name, callback) => callback(null, structuredClone(engine.tables.get(name))),
      put(_name, table, callback) {
        if (answer) resolve({ answer, table: structuredClone(table) });
        callback(null);
      },
      del: refuse,
      batch: refuse,
      createKeyStream: refuse,
      createValueStream: refuse,
    };
    const store: ActionStore = {
      options: OPTIONS,
      tableDb: { ...tableDb, awsRegion: REGION, awsAccountId: ACCOUNT },
      getTable(name, _checkStatus, callback) {
        const table = structuredClone(engine.tables.get(name));
        callback?.(table ? null : noTable(name), table);
      },
      getItemDb: refuse,
      getIndexDb: refuse,
      getTagDb: refuse,
    };
    // The action goes on to change what it has answered.
    action(store, data, (error, value) => {
      if (error || !value) reject(error);
      else answer = structuredClone(value) as TableOutcome["answer"];
    });
  });
}

/** The error for a table that is not there. */
export function noTable(name: string): AwsError {
  return new AwsError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
}

function refuse(): never {
  throw new Error("Actions on tables only read and write tables");
}
