import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { changed, fulfils, type Placeholders } from "./expressions.ts";
import { IndexCopy } from "./IndexCopy.ts";
import type { Item } from "./Item.ts";
import { serviceError } from "./serviceError.ts";

/** One write. */
export interface TableChange {
  readonly pk: string;
  readonly sk: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** Whether DynamoDB's TTL did it. */
  readonly expired: boolean;
}

/** What DynamoDB leaves open, decided by whoever plays it. */
export interface TableManners {
  /** Milliseconds until the index shows a write. */
  indexLag(): number;
  /** Whether a read that does not ask for consistency misses the last write of an item. */
  staleRead(item: Item): boolean;
  /** The most items of a page; DynamoDB's own limit is 1 MB. */
  readonly pageSize: number;
}

interface Stored {
  readonly item: Item;
  readonly before: Item | undefined;
}

type Condition = {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, unknown> | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
};

/**
 * A table in memory that promises what DynamoDB promises and nothing more: writes are atomic and conditional, an index
 * lags behind, a read that is not consistent may be old. Its primary key is `pk` and `sk`.
 */
export class ModelTable {
  readonly index: IndexCopy;
  private readonly partitions = new Map<string, Map<string, Stored>>();
  private readonly listeners: ((change: TableChange) => void)[] = [];
  private readonly manners: TableManners;

  /** @param later runs something after so many milliseconds */
  constructor(manners: TableManners, later: (milliseconds: number, run: () => void) => void) {
    this.manners = manners;
    this.index = new IndexCopy("state", "at", later);
  }

  /** Hears of every write, at once and in order. */
  onChange(listener: (change: TableChange) => void): void {
    this.listeners.push(listener);
  }

  /** Carries out one command of the SDK and answers its output. Throws as the SDK does. */
  execute(command: unknown): Record<string, unknown> {
    if (command instanceof GetCommand) return this.get(command.input);
    if (command instanceof PutCommand) return this.put(command.input);
    if (command instanceof UpdateCommand) return this.update(command.input);
    if (command instanceof DeleteCommand) return this.delete(command.input);
    if (command instanceof QueryCommand) return this.query(command.input);
    if (command instanceof BatchGetCommand) return this.batchGet(command.input);
    if (command instanceof BatchWriteCommand) return this.batchWrite(command.input);
    throw new Error(`the model of the table does not know this command; teach it: ${command?.constructor.name}`);
  }

  /** The item as it is now. */
  peek(pk: string, sk: string): Item | undefined {
    return this.partitions.get(pk)?.get(sk)?.item;
  }

  /** Every item as it is now. */
  *items(): Iterable<Item> {
    for (const partition of this.partitions.values()) for (const { item } of partition.values()) yield item;
  }

  /** TTL's deletion: no condition but the item's own time. */
  expire(pk: string, sk: string): void {
    if (this.peek(pk, sk)) this.write(pk, sk, undefined, true);
  }

  private get({ Key, ConsistentRead }: GetCommand["input"]) {
    const { pk, sk } = keyOf(Key);
    const [item] = this.read([this.partitions.get(pk)?.get(sk)], ConsistentRead);
    return item ? { Item: item } : {};
  }

  private put(input: PutCommand["input"]) {
    const { pk, sk } = keyOf(input.Item);
    this.check(pk, sk, input);
    this.write(pk, sk, plain(input.Item));
    return {};
  }

  private update(input: UpdateCommand["input"]) {
    const { pk, sk } = keyOf(input.Key);
    this.check(pk, sk, input);
    const next = plain(changed(input.UpdateExpression ?? "", this.peek(pk, sk) ?? { pk, sk }, placeholders(input)));
    this.write(pk, sk, next);
    return input.ReturnValues === "ALL_NEW" ? { Attributes: next } : {};
  }

  private delete(input: DeleteCommand["input"]) {
    const { pk, sk } = keyOf(input.Key);
    this.check(pk, sk, input);
    if (this.peek(pk, sk)) this.write(pk, sk, undefined);
    return {};
  }

  private query(input: QueryCommand["input"]) {
    const given = placeholders(input);
    const key = input.KeyConditionExpression ?? "";
    const [, name = "", value = ""] = /^(\S+) = (:\w+)/.exec(key) ?? [];
    const partition = String(given.values[value]);
    const range = input.IndexName === undefined ? "sk" : this.index.range;
    const expected = input.IndexName === undefined ? "pk" : this.index.hash;
    if ((given.names[name] ?? name) !== expected) throw serviceError("ValidationException", `no key ${name}: ${key}`);
    const all = (
      input.IndexName === undefined ? this.partition(partition, input.ConsistentRead) : this.index.partition(partition)
    ).filter((item) => fulfils(key, item, given));
    if (input.ScanIndexForward === false) all.reverse();
    const from = input.ExclusiveStartKey ? all.findIndex((item) => isAfter(item, input, range)) : 0;
    const rest = from < 0 ? [] : all.slice(from);
    const page = rest.slice(0, Math.min(input.Limit ?? Number.POSITIVE_INFINITY, this.manners.pageSize));
    const last = page.length < rest.length ? page.at(-1) : undefined;
    const filter = input.FilterExpression;
    const found = filter === undefined ? page : page.filter((item) => fulfils(filter, item, given));
    return {
      Items: found.map((item) => projected(item, input)),
      Count: found.length,
      ...(last ? { LastEvaluatedKey: { pk: last.pk, sk: last.sk, [range]: last[range] } } : {}),
    };
  }

  private batchGet({ RequestItems = {} }: BatchGetCommand["input"]) {
    const responses = Object.entries(RequestItems).map(([name, { Keys = [], ConsistentRead } = {}]) => {
      const stored = Keys.map(keyOf).map(({ pk, sk }) => this.partitions.get(pk)?.get(sk));
      return [name, this.read(stored, ConsistentRead)];
    });
    return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} };
  }

  private batchWrite({ RequestItems = {} }: BatchWriteCommand["input"]) {
    for (const { PutRequest, DeleteRequest } of Object.values(RequestItems).flat()) {
      if (PutRequest) this.put({ TableName: "", Item: PutRequest.Item ?? {} });
      else if (DeleteRequest) this.delete({ TableName: "", Key: DeleteRequest.Key ?? {} });
    }
    return { UnprocessedItems: {} };
  }

  /** What a read shows: if it is not consistent it may miss the last write of each. */
  private read(stored: readonly (Stored | undefined)[], consistent: boolean | undefined): Item[] {
    const items: (Item | undefined)[] = stored.map(
      (one) => one && (consistent || !this.manners.staleRead(one.item) ? one.item : one.before),
    );
    return items.filter((item) => item !== undefined);
  }

  private partition(pk: string, consistent: boolean | undefined): Item[] {
    return this.read([...(this.partitions.get(pk)?.values() ?? [])], consistent).sort((a, b) =>
      String(a.sk) < String(b.sk) ? -1 : 1,
    );
  }

  private check(pk: string, sk: string, input: Condition): void {
    const there = this.peek(pk, sk);
    const condition = input.ConditionExpression;
    if (condition === undefined || fulfils(condition, there ?? {}, placeholders(input))) return;
    const shown = there && input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" ? { Item: marshall(there) } : {};
    throw serviceError("ConditionalCheckFailedException", "The conditional request failed", shown);
  }

  private write(pk: string, sk: string, item: Item | undefined, expired = false): void {
    const partition = this.partitions.get(pk) ?? new Map<string, Stored>();
    this.partitions.set(pk, partition);
    const before = partition.get(sk)?.item;
    if (item) partition.set(sk, { item, before });
    else partition.delete(sk);
    if (partition.size === 0) this.partitions.delete(pk);
    this.index.show(`${pk} ${sk}`, item, this.manners.indexLag());
    for (const listener of this.listeners) listener({ pk, sk, before, after: item, expired });
  }
}

function keyOf(given: Record<string, unknown> | undefined): { readonly pk: string; readonly sk: string } {
  const { pk, sk } = given ?? {};
  if (typeof pk !== "string" || typeof sk !== "string" || pk === "" || sk === "") {
    throw serviceError("ValidationException", "One or more parameter values were invalid: pk and sk are texts");
  }
  if (Buffer.byteLength(pk) > 2048 || Buffer.byteLength(sk) > 1024) {
    throw serviceError("ValidationException", "One or more parameter values were invalid: Size of a key is too long");
  }
  return { pk, sk };
}

function placeholders(input: Omit<Condition, "ConditionExpression">): Placeholders {
  return { names: input.ExpressionAttributeNames ?? {}, values: input.ExpressionAttributeValues ?? {} };
}

/** The attributes of the item that are asked for. */
function projected(item: Item, { ProjectionExpression, ExpressionAttributeNames = {} }: QueryCommand["input"]): Item {
  if (ProjectionExpression === undefined) return item;
  const names = ProjectionExpression.split(", ").map((name) => ExpressionAttributeNames[name] ?? name);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

/** As it is stored: without what is undefined, sharing nothing with the caller, and not to be changed by a reader. */
function plain(item: Item | undefined): Item {
  return Object.freeze(JSON.parse(JSON.stringify(item ?? {})));
}

function isAfter(item: Item, { ExclusiveStartKey, ScanIndexForward }: QueryCommand["input"], range: string): boolean {
  const place = (one: Item) => [one[range], String(one.pk), String(one.sk)];
  const order = compare(place(item), place(ExclusiveStartKey ?? {}));
  return ScanIndexForward === false ? order < 0 : order > 0;
}

function compare(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (left === right) continue;
    return typeof left === "number" && typeof right === "number" ? left - right : String(left) < String(right) ? -1 : 1;
  }
  return 0;
}
