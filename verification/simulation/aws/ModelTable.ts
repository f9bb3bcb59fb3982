import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { type Batched, batchGet, batchWrite } from "./batches.ts";
import { byBytes } from "./byBytes.ts";
import { changed, fulfils, type Placeholders } from "./expressions.ts";
import { IndexCopy } from "./IndexCopy.ts";
import type { Item } from "./Item.ts";
import { invalid } from "./invalid.ts";
import { isAfter } from "./isAfter.ts";
import { itemOf } from "./itemOf.ts";
import { keyOf, keysOf } from "./keyOf.ts";
import { type Expressions, placeholders } from "./placeholders.ts";
import { isSame } from "./plainValue.ts";
import { projected } from "./projected.ts";
import { serviceError } from "./serviceError.ts";
import { transactWrite } from "./transactWrite.ts";

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
export interface TableBehaviour {
  /** Milliseconds until the index shows a write. */
  indexLag(): number;
  /** Whether a read that does not ask for consistency misses the last write. */
  staleRead(item: Item): boolean;
  /** Whether a batch leaves out an item for the caller to ask for again; one of each batch is served. */
  leavesOut(): boolean;
  /** The most items of a page; DynamoDB's own limit is 1 MB. */
  readonly pageSize: number;
}

interface Stored {
  readonly item: Item;
  readonly before: Item | undefined;
}

type Conditional = Expressions & { readonly ReturnValuesOnConditionCheckFailure?: string | undefined };

/**
 * A table in memory that promises what DynamoDB promises and nothing more: writes are atomic and conditional, an index
 * lags behind, a read that is not consistent may be old. Its primary key is `pk` and `sk`; its index holds keys only.
 */
export class ModelTable {
  readonly index: IndexCopy;
  private readonly partitions = new Map<string, Map<string, Stored>>();
  private readonly listeners: ((change: TableChange) => void)[] = [];
  private readonly behaviour: TableBehaviour;
  private readonly batched: Batched = {
    read: (keys, consistent) =>
      this.seenOf(
        keys.flatMap(({ pk, sk }) => this.partitions.get(pk)?.get(sk) ?? []),
        consistent,
      ),
    write: (pk, sk, item) => this.write(pk, sk, item),
    leavesOut: () => this.behaviour.leavesOut(),
  };

  /** @param later runs something after so many milliseconds */
  constructor(behaviour: TableBehaviour, later: (milliseconds: number, run: () => void) => void) {
    this.behaviour = behaviour;
    this.index = new IndexCopy("state", "at", later);
  }

  /** Hears of every write, at once and in order. */
  onChange(listener: (change: TableChange) => void): void {
    this.listeners.push(listener);
  }

  /** Carries out one command of the SDK and answers its output. Throws as the SDK does. */
  execute(command: unknown): Record<string, unknown> {
    // Those that are made most come first.
    if (command instanceof QueryCommand) return this.query(command.input);
    if (command instanceof UpdateCommand) return this.update(command.input);
    if (command instanceof GetCommand) return this.get(command.input);
    if (command instanceof PutCommand) return this.put(command.input);
    if (command instanceof DeleteCommand) return this.delete(command.input);
    if (command instanceof BatchGetCommand) return batchGet(this.batched, command.input);
    if (command instanceof BatchWriteCommand) return batchWrite(this.batched, command.input);
    if (command instanceof TransactWriteCommand) return this.transact(command.input);
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
    const stored = this.partitions.get(pk)?.get(sk);
    const item = stored && this.seen(stored, ConsistentRead);
    return item ? { Item: item } : {};
  }

  private put(input: PutCommand["input"]) {
    const item = itemOf(input.Item);
    const { pk, sk } = keysOf(item);
    this.check(pk, sk, input);
    this.write(pk, sk, item);
    return {};
  }

  private update(input: UpdateCommand["input"]) {
    const { pk, sk } = keyOf(input.Key);
    const given = this.check(pk, sk, input);
    const before = this.peek(pk, sk);
    const next = itemOf(changed(input.UpdateExpression ?? "", before ?? { pk, sk }, given), before);
    if (next.pk !== pk || next.sk !== sk) throw invalid("an attribute is part of the key and can't be updated");
    this.write(pk, sk, next);
    if (input.ReturnValues === "ALL_OLD") return before ? { Attributes: before } : {};
    return input.ReturnValues === "ALL_NEW" ? { Attributes: next } : {};
  }

  private delete(input: DeleteCommand["input"]) {
    const { pk, sk } = keyOf(input.Key);
    this.check(pk, sk, input);
    this.write(pk, sk, undefined);
    return {};
  }

  private transact({ TransactItems = [] }: TransactWriteCommand["input"]) {
    const check = (input: Conditional & { readonly Key: Record<string, unknown> | undefined }) => {
      const { pk, sk } = keyOf(input.Key);
      this.check(pk, sk, input);
    };
    return transactWrite({ check, update: (input) => void this.update(input) }, TransactItems);
  }

  private query(input: QueryCommand["input"]) {
    const given = placeholders(input);
    const key = input.KeyConditionExpression ?? "";
    const { name, value } = hashOf(key);
    const partition = given.values[value];
    const indexed = input.IndexName !== undefined;
    const [hash, range] = indexed ? [this.index.hash, this.index.range] : ["pk", "sk"];
    if ((given.names[name] ?? name) !== hash) throw invalid(`no key ${name}: ${key}`);
    if (typeof partition !== "string" || partition === "") throw invalid(`${hash} is a text that is not empty`);
    if (indexed && input.ConsistentRead)
      throw invalid("Consistent reads are not supported on global secondary indexes");
    const inRange = (item: Item) => fulfils(key, item, given);
    const all = indexed
      ? this.entries(partition, inRange)
      : this.partition(partition, input.ConsistentRead).filter(inRange);
    if (input.ScanIndexForward === false) all.reverse();
    const from = input.ExclusiveStartKey ? all.findIndex((item) => isAfter(item, input, range)) : 0;
    const rest = from < 0 ? [] : all.slice(from);
    const page = rest.slice(0, Math.min(input.Limit ?? Number.POSITIVE_INFINITY, this.behaviour.pageSize));
    // A full page says that there may be more:
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
    const last = page.length < rest.length || page.length === input.Limit ? page.at(-1) : undefined;
    const { FilterExpression: filter, ProjectionExpression: projection } = input;
    const found = filter === undefined ? page : page.filter((item) => fulfils(filter, item, given));
    const shown = projection === undefined ? found : found.map((item) => projected(projection, item, given.names));
    return {
      ...(input.Select === "COUNT" ? {} : { Items: shown }),
      Count: found.length,
      ScannedCount: page.length,
      ...(last ? { LastEvaluatedKey: { pk: last.pk, sk: last.sk, [hash]: last[hash], [range]: last[range] } } : {}),
    };
  }

  /** An item as a read shows it: as it is, or as it was before its last write. */
  private seen({ item, before }: Stored, consistent: boolean | undefined): Item | undefined {
    return !consistent && this.behaviour.staleRead(item) ? before : item;
  }

  private seenOf(stored: readonly Stored[], consistent: boolean | undefined): Item[] {
    return stored.map((one) => this.seen(one, consistent)).filter((item) => item !== undefined);
  }

  private partition(pk: string, consistent: boolean | undefined): Item[] {
    const stored = [...(this.partitions.get(pk)?.values() ?? [])];
    return this.seenOf(stored, consistent).sort((a, b) => byBytes(String(a.sk), String(b.sk)));
  }

  private entries(value: string, inRange: (item: Item) => boolean): Item[] {
    const { hash, range } = this.index;
    return this.index.partition(value, inRange).map((item) => ({
      pk: item.pk,
      sk: item.sk,
      [hash]: item[hash],
      [range]: item[range],
    }));
  }

  private check(pk: string, sk: string, input: Conditional): Placeholders {
    const given = placeholders(input);
    const there = this.peek(pk, sk);
    const condition = input.ConditionExpression;
    if (condition === undefined || fulfils(condition, there ?? {}, given)) return given;
    const shown = there && input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" ? { Item: marshall(there) } : {};
    throw serviceError("ConditionalCheckFailedException", "The conditional request failed", shown);
  }

  private write(pk: string, sk: string, item: Item | undefined, expired = false): void {
    const before = this.peek(pk, sk);
    // "If you perform a PutItem or UpdateItem operation that does not change any data in an item, DynamoDB Streams does
    // not write a stream record": https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
    if (isSame(before, item)) return;
    const partition = this.partitions.get(pk) ?? new Map<string, Stored>();
    this.partitions.set(pk, partition);
    if (item) partition.set(sk, { item, before });
    else partition.delete(sk);
    if (partition.size === 0) this.partitions.delete(pk);
    this.index.show(`${pk} ${sk}`, item, this.behaviour.indexLag());
    for (const listener of this.listeners) listener({ pk, sk, before, after: item, expired });
  }
}

const hashes = new Map<string, { readonly name: string; readonly value: string }>();

/** What a key condition says of the partition. */
function hashOf(condition: string) {
  const [, name = "", value = ""] = (hashes.has(condition) ? undefined : /^(\S+) = (:\w+)/.exec(condition)) ?? [];
  const known = hashes.get(condition) ?? { name, value };
  hashes.set(condition, known);
  return known;
}
