import { AwsError } from "../AwsError.ts";
import type { Change } from "./change.ts";
import { commit } from "./commit.ts";
import { consumedCapacity, type Detail } from "./consumedCapacity.ts";
import { createStage, type Stage } from "./createStage.ts";
import { type Action, dynalite, loadAction, type Spec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { itemSize } from "./itemSize.ts";
import { keys } from "./keys.ts";
import { orderRemovals } from "./orderRemovals.ts";
import { readUnits } from "./readUnits.ts";
import { TOKEN_LIFE, type Token } from "./token.ts";
import {
  type CancellationReason,
  cancelUnlessAllWell,
  fingerprint,
  reasonOf,
  refuseDuplicates,
} from "./transaction.ts";
import { tableUsage, type Usage } from "./usage.ts";
import { validate } from "./validate.ts";
import { type WriteRequest, writeSpec } from "./writeRequest.ts";
import { writeUsage } from "./writeUsage.ts";

const KINDS = ["ConditionCheck", "Put", "Update", "Delete"] as const;

type Kind = (typeof KINDS)[number];

/** A check reads as a delete does: a key and a condition. */
const SPECS: Record<Kind, Spec> = {
  ConditionCheck: writeSpec("deleteItem"),
  Put: writeSpec("putItem"),
  Update: writeSpec("updateItem"),
  Delete: writeSpec("deleteItem"),
};

const ACTIONS: Record<Kind, Action> = {
  ConditionCheck: checkCondition,
  Put: loadAction("putItem"),
  Update: loadAction("updateItem"),
  Delete: loadAction("deleteItem"),
};

/** Transactions cost twice: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
const FACTOR = 2;

const MAX_BYTES = 4 * 1024 * 1024;

const spec: Spec = {
  types: {
    TransactItems: {
      type: "List",
      notNull: true,
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: 100,
      children: {
        type: "ValueStruct<TransactWriteItem>",
        children: Object.fromEntries(
          KINDS.map((kind) => [kind, { type: `FieldStruct<${kind}>`, children: SPECS[kind].types }]),
        ),
      },
    },
    ClientRequestToken: { type: "String", lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
    ReturnConsumedCapacity: { type: "String", enum: ["INDEXES", "TOTAL", "NONE"] },
    ReturnItemCollectionMetrics: { type: "String", enum: ["SIZE", "NONE"] },
  },
};

interface Request {
  TransactItems: (Partial<Record<Kind, WriteRequest>> | null)[];
  ClientRequestToken?: string;
  ReturnConsumedCapacity?: Detail;
}

interface Write {
  kind: Kind;
  request: WriteRequest;
}

/** Does all of up to 100 writes and checks, or nothing. */
export function transactWriteItems(engine: Engine, body: unknown): Promise<object> {
  const { TransactItems, ClientRequestToken: token, ReturnConsumedCapacity: detail } = validate<Request>(spec, body);
  const print = fingerprint(TransactItems);
  const writes = TransactItems.map(checkWrite);
  refuseDuplicates(
    engine,
    writes.map(({ request }) => ({ TableName: request.TableName, key: request.Key ?? request.Item ?? {} })),
  );
  return engine.alone(async () => {
    const known = token === undefined ? undefined : await engine.db.get<Token>(keys.token(token));
    if (known && Date.now() - known.at < TOKEN_LIFE) {
      if (known.print !== print) throw mismatch();
      const reads = new Map(known.reads.map(([table, units]) => [table, tableUsage(units)]));
      return { ConsumedCapacity: consumedCapacity(() => reads, detail, "ReadCapacityUnits") };
    }
    const stage = createStage(engine);
    const { reasons, touched } = await perform(writes, stage);
    const capacity = (changes: Change[]) =>
      consumedCapacity(() => writeUsage(changes, FACTOR), detail, "WriteCapacityUnits");
    // Nothing of a cancelled transaction reaches the indexes, and the tables have been prepared for it.
    const unchanged = touched.map((change) => ({ ...change, after: change.before }));
    cancelUnlessAllWell(reasons, { ConsumedCapacity: capacity(unchanged) });
    if (touched.reduce((sum, { before, after }) => sum + itemSize(after ?? before), 0) > MAX_BYTES) {
      throw new AwsError("ValidationException", "Collection size exceeds the limit of 4 MB for a transaction");
    }
    const remember: Token = {
      print,
      at: Date.now(),
      reads: [...readUsage(touched)].map(([t, { table }]) => [t, table]),
    };
    await commit(
      engine,
      stage.changes,
      token === undefined ? [] : [{ type: "put", key: keys.token(token), value: remember }],
    );
    return { ConsumedCapacity: capacity(touched) };
  });
}

function checkWrite(item: Request["TransactItems"][number]): Write {
  const [kind, ...others] = KINDS.filter((name) => item?.[name]);
  const request = kind && item?.[kind];
  if (!kind || !request || others.length > 0) {
    const message = "TransactItems can only contain one of Check, Put, Update or Delete";
    throw new AwsError("ValidationException", message);
  }
  const checked = validate<WriteRequest>(SPECS[kind], request);
  if (kind === "ConditionCheck" && !("ConditionExpression" in checked)) {
    const message = "1 validation error detected: Value null at 'conditionExpression' failed to satisfy constraint: ";
    throw new AwsError("ValidationException", `${message}Member must not be null`);
  }
  orderRemovals(checked._updates);
  return { kind, request: checked };
}

/** Tries every write, so that each has its reason when one of them fails. */
async function perform(writes: Write[], stage: Stage): Promise<{ reasons: CancellationReason[]; touched: Change[] }> {
  const reasons: CancellationReason[] = [];
  const touched: Change[] = [];
  for (const { kind, request } of writes) {
    const [readsBefore, changesBefore] = [stage.reads.length, stage.changes.length];
    const reason = await stage.run(ACTIONS[kind], request).then((): CancellationReason => ({ Code: "None" }), reasonOf);
    const read = stage.reads[readsBefore];
    const change = stage.changes[changesBefore];
    if (change) touched.push(change);
    else if (read) touched.push({ table: read.table, key: "", before: read.item, after: read.item });
    const isWanted = request.ReturnValuesOnConditionCheckFailure === "ALL_OLD";
    if (reason.Code === "ConditionalCheckFailed" && isWanted && read?.item) reason.Item = read.item;
    reasons.push(reason);
  }
  return { reasons, touched };
}

/** An action like dynalite's, which has none for this. */
function checkCondition(...[store, data, callback]: Parameters<Action>): void {
  const request = data as WriteRequest;
  store.getTable(request.TableName, (error, table) => {
    if (error || !table || !request.Key) return callback(error);
    const invalid = dynalite.validateKey(request.Key, table);
    if (invalid) return callback(invalid);
    store.getItemDb(request.TableName).get(dynalite.createKey(request.Key, table), (failure, item) => {
      callback(failure ?? dynalite.checkConditional(request, item), {});
    });
  });
}

/** What it costs to find out again that the transaction has happened. */
function readUsage(touched: Change[]): Map<string, Usage> {
  const usages = new Map<string, Usage>();
  for (const { table, before, after } of touched) {
    const units = (usages.get(table.TableName)?.table ?? 0) + FACTOR * readUnits(itemSize(after ?? before), true);
    usages.set(table.TableName, tableUsage(units));
  }
  return usages;
}

function mismatch(): AwsError {
  const message = "Request token was used with different parameters before: give each transaction a token of its own";
  return new AwsError("IdempotentParameterMismatchException", message, { more: { Message: message } });
}
