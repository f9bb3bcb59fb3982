import { createRequire } from "node:module";
import type { Stream } from "node:stream";
import type { Item } from "./item.ts";
import type { KeyElement, Table } from "./table.ts";

// The parts of dynalite 4.0.0 that this folder stands on: its expression parsers, its checks of requests and its actions.
// They are no public API, so the version is pinned exactly and this file is the only one that reaches for them.

/** A range of keys in the store. */
export interface Range {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
  reverse?: boolean;
  /** -1: no limit. */
  limit?: number;
}

/** One write of a batch; all writes of a batch happen or none. */
export type BatchOperation = { type: "put"; key: string; value: unknown } | { type: "del"; key: string };

/** Reads values in order; must be closed, or the store keeps its snapshot for ever. */
export interface Values<T> {
  nextv(size: number): Promise<T[]>;
  close(): Promise<void>;
}

/** The LevelDB store, or its equal in memory; values are JSON. What was written under a key tells the type `T`. */
export interface Database {
  open(): Promise<void>;
  close(): Promise<void>;
  get<T>(key: string): Promise<T | undefined>;
  batch(operations: BatchOperation[]): Promise<void>;
  values<T>(range: Range): Values<T>;
  keys(range: Range): AsyncIterable<string> & Values<string>;
  iterator<T>(range: Range): AsyncIterable<[string, T]>;
}

/** Node's way to hand back an error or an answer. */
export type Callback<T> = (error: unknown, value?: T) => void;

/** A part of the store as dynalite's actions see it. */
export interface SubStore<T> {
  lock(key: string, work: (release: <A>(callback: Callback<A>) => Callback<A>) => void): void;
  get(key: string, callback: Callback<T>): void;
  put(key: string, value: T, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
  batch(operations: BatchOperation[], callback: Callback<void>): void;
  createKeyStream(range?: Range): Stream;
  createValueStream(range?: Range): Stream;
}

/** Limits and waiting times; dynalite plays AWS's slowness, which nobody here needs. */
export const OPTIONS = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, maxItemSize: 400 * 1024 };

/** Everything that an action asks of its store. */
export interface ActionStore {
  options: typeof OPTIONS;
  tableDb: SubStore<Table> & { awsRegion: string; awsAccountId: string };
  getTable(name: string, checkStatus: boolean | Callback<Table>, callback?: Callback<Table>): void;
  getItemDb(table: string): SubStore<Item>;
  getIndexDb(kind: string, table: string, index: string): SubStore<Item>;
  getTagDb(table: string): SubStore<string>;
}

/** One operation of DynamoDB: reads and writes the store, then calls back. */
export type Action = (store: ActionStore, data: object, callback: Callback<object>) => void;

/** The shape of a request: types and limits by member, and a check of the whole, which answers what is wrong. */
export interface Spec {
  types: Record<string, unknown>;
  custom?: (data: object, store: { options: typeof OPTIONS }) => string | null | undefined;
}

interface Dynalite {
  create(options: { path?: string }): { db: Database };
  createKey(item: Item, table: Table, schema?: KeyElement[]): string;
  createIndexKey(item: Item, table: Table, schema: KeyElement[]): string;
  validateKey(key: Item, table: Table): Error | null | undefined;
  checkConditional(data: object, item: Item | undefined): Error | null | undefined;
  validationError(message: string): Error;
}

interface Validations {
  checkTypes(data: unknown, types: Spec["types"]): object;
  checkValidations(data: object, types: Spec["types"], custom: Spec["custom"], store: object): void;
}

const require = createRequire(import.meta.url);

/** dynalite's engine room: keys, conditions and the store itself. */
export const dynalite: Dynalite = require("dynalite/db");

/** dynalite's checks of requests. */
export const validations: Validations = require("dynalite/validations");

/** The action that dynalite has under a name such as `putItem`. */
export function loadAction(name: string): Action {
  return require(`dynalite/actions/${name}`);
}

/** The request shape that dynalite has under a name such as `putItem`. */
export function loadSpec(name: string): Spec {
  return require(`dynalite/validations/${name}`);
}
