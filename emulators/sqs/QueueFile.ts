import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import * as v from "valibot";
import type { DedupEntry } from "./DedupWindow.ts";
import type { FauxqsQueue, Message, Persistence } from "./fauxqs.ts";
import { DedupRow, MessageRow, QueueRow, type StoredQueue } from "./queueRows.ts";
import { SqsDataError, type SqsDataProblem } from "./SqsDataError.ts";

/** Raised when the tables change: a folder of another version is refused, not misread. */
const VERSION = 1;

const SCHEMA = `
CREATE TABLE queues (name TEXT PRIMARY KEY, arn TEXT NOT NULL, attributes TEXT NOT NULL, tags TEXT NOT NULL,
  created INTEGER NOT NULL, modified INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE messages (message_id TEXT PRIMARY KEY, queue TEXT NOT NULL, content TEXT NOT NULL,
  receives INTEGER NOT NULL, first_receive INTEGER, handle TEXT, deadline INTEGER);
CREATE INDEX messages_of_queue ON messages (queue);
CREATE TABLE dedup (queue TEXT NOT NULL, id TEXT NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (queue, id));
PRAGMA user_version = ${VERSION};`;

type QueueRecord = Pick<
  FauxqsQueue,
  "name" | "arn" | "attributes" | "tags" | "createdTimestamp" | "lastModifiedTimestamp" | "sequenceCounter"
>;

/**
 * The queues of one data folder, in SQLite. Each call is on disk when it returns, so what was acknowledged survives
 * SIGKILL. fauxqs' own `PersistenceManager` is not used: its `updateMessageReady` breaks a NOT NULL constraint,
 * `insertQueue` of a known queue (each TagQueue) deletes the stored messages, a dead-lettered message is absent between
 * two commits, and deduplication ids are not kept.
 */
export class QueueFile implements Persistence {
  private readonly path: string;
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  /** Whether `atomically` is at work. */
  inTransaction = false;

  /** Opens `sqs.db` in the folder `path`, which is made when absent. @throws SqsDataError */
  constructor(path: string) {
    this.path = path;
    let database: DatabaseSync | undefined;
    try {
      mkdirSync(path, { recursive: true });
      // No wait for a lock: a folder in use stays in use.
      database = new DatabaseSync(join(path, "sqs.db"), { timeout: 0 });
      // The exclusive lock keeps a second emulator out; the system releases it with the process, SIGKILL included.
      database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN EXCLUSIVE; COMMIT;");
      // Without a sync for each commit: a killed process loses nothing, only a power cut may lose the last moments.
      database.exec("PRAGMA synchronous = NORMAL");
      const check = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
      if (check !== "ok") throw new Error(`quick_check: ${check}`);
      const version = database.prepare("PRAGMA user_version").get()?.user_version;
      if (version === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
      else if (version !== VERSION) throw new Error(`its format is ${version}, this program reads ${VERSION}`);
    } catch (cause) {
      database?.close();
      throw new SqsDataError(path, problemOf(cause), cause);
    }
    this.database = database;
  }

  /** Everything stored, messages in the order of their arrival. @throws SqsDataError when it cannot be read. */
  load(): StoredQueue[] {
    try {
      return v.parse(v.array(QueueRow), this.all("SELECT * FROM queues")).map((queue) => ({
        ...queue,
        messages: v
          .parse(v.array(MessageRow), this.all("SELECT * FROM messages WHERE queue = ? ORDER BY rowid", queue.name))
          .map((row) => ({
            message: {
              ...row.content,
              messageId: row.message_id,
              approximateReceiveCount: row.receives,
              approximateFirstReceiveTimestamp: row.first_receive ?? undefined,
            },
            handle: row.handle ?? undefined,
            deadline: row.deadline ?? undefined,
          })),
        dedup: v.parse(
          v.array(DedupRow),
          this.all("SELECT id, entry FROM dedup WHERE queue = ? ORDER BY rowid", queue.name),
        ),
      }));
    } catch (cause) {
      throw new SqsDataError(this.path, problemOf(cause), cause);
    }
  }

  /** Runs `work` so that all it writes is on disk, or nothing; calls may nest. */
  atomically<T>(work: () => T): T {
    if (this.inTransaction) return work();
    this.database.exec("BEGIN");
    this.inTransaction = true;
    try {
      const result = work();
      this.database.exec("COMMIT");
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      throw error;
    } finally {
      this.inTransaction = false;
    }
  }

  insertQueue(queue: QueueRecord): void {
    const { name, arn, attributes, tags, createdTimestamp, lastModifiedTimestamp, sequenceCounter } = queue;
    const json = [JSON.stringify(attributes), JSON.stringify(Object.fromEntries(tags))] as const;
    this.run(
      `INSERT INTO queues VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET attributes = excluded.attributes,
       tags = excluded.tags, modified = excluded.modified, sequence = excluded.sequence`,
      ...[name, arn, ...json, createdTimestamp, lastModifiedTimestamp, sequenceCounter],
    );
  }

  deleteQueue(name: string): void {
    this.atomically(() => {
      this.run("DELETE FROM messages WHERE queue = ?", name);
      this.run("DELETE FROM dedup WHERE queue = ?", name);
      this.run("DELETE FROM queues WHERE name = ?", name);
    });
  }

  updateQueueAttributes(name: string, attributes: Record<string, string>, modified: number): void {
    this.run(
      "UPDATE queues SET attributes = ?, modified = ? WHERE name = ?",
      JSON.stringify(attributes),
      modified,
      name,
    );
  }

  updateQueueSequenceCounter(name: string, counter: number): void {
    this.run("UPDATE queues SET sequence = ? WHERE name = ?", counter, name);
  }

  /** Writes a message at the end of a queue; one of the same id in another queue moves here. */
  insertMessage(queueName: string, message: Message): void {
    const { messageId, approximateReceiveCount, approximateFirstReceiveTimestamp, lastReceiptHandle, ...content } =
      message;
    this.run(
      "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?, ?, ?, NULL)",
      ...[messageId, queueName, JSON.stringify(content), approximateReceiveCount],
      ...[approximateFirstReceiveTimestamp ?? null, lastReceiptHandle ?? null],
    );
  }

  deleteMessage(messageId: string): void {
    this.run("DELETE FROM messages WHERE message_id = ?", messageId);
  }

  updateMessageInflight(messageId: string, handle: string, deadline: number, count: number, first?: number): void {
    this.run(
      "UPDATE messages SET handle = ?, deadline = ?, receives = ?, first_receive = ? WHERE message_id = ?",
      ...[handle, deadline, count, first ?? null, messageId],
    );
  }

  updateMessageReady(messageId: string): void {
    this.run("UPDATE messages SET deadline = NULL WHERE message_id = ?", messageId);
  }

  deleteQueueMessages(queueName: string): void {
    this.run("DELETE FROM messages WHERE queue = ?", queueName);
  }

  /** Keeps a deduplication id, and forgets those given in `forgotten`. */
  saveDedup(queueName: string, id: string, entry: DedupEntry, forgotten: readonly string[]): void {
    this.run("INSERT OR REPLACE INTO dedup VALUES (?, ?, ?)", queueName, id, JSON.stringify(entry));
    for (const other of forgotten) this.run("DELETE FROM dedup WHERE queue = ? AND id = ?", queueName, other);
  }

  /** Closes the file; a second call does nothing. */
  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  private run(sql: string, ...values: (string | number | null)[]): void {
    this.statement(sql).run(...values);
  }

  private all(sql: string, ...values: string[]): unknown[] {
    return this.statement(sql).all(...values);
  }

  private statement(sql: string): StatementSync {
    const statement = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

// Result codes of SQLite: https://www.sqlite.org/rescode.html
function problemOf(cause: unknown): SqsDataProblem {
  if (!(cause instanceof Error)) return "broken";
  if ("errcode" in cause && typeof cause.errcode === "number") {
    const primary = cause.errcode & 0xff;
    if (primary === 5 || primary === 6) return "in use"; // SQLITE_BUSY, SQLITE_LOCKED
    // SQLITE_PERM, READONLY, IOERR, FULL, CANTOPEN
    return [3, 8, 10, 13, 14].includes(primary) ? "not accessible" : "broken";
  }
  return "syscall" in cause ? "not accessible" : "broken";
}
