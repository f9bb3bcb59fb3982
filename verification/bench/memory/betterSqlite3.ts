import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** The part of `better-sqlite3` that mem0's engine uses, over Node's own SQLite: for machines where the native module has no binary. */
export default class Database {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
  }

  exec(sql: string): this {
    this.#database.exec(sql);
    return this;
  }

  prepare(sql: string) {
    const statement = this.#database.prepare(sql);
    return {
      run: (...values: SQLInputValue[]) => statement.run(...values),
      get: (...values: SQLInputValue[]) => statement.get(...values),
      all: (...values: SQLInputValue[]) => statement.all(...values),
    };
  }

  /** A function that does its work whole or not at all. */
  transaction<Values extends readonly unknown[]>(work: (...values: Values) => void): (...values: Values) => void {
    return (...values) => {
      this.exec("BEGIN");
      try {
        work(...values);
        this.exec("COMMIT");
      } catch (error) {
        this.exec("ROLLBACK");
        throw error;
      }
    };
  }

  close(): void {
    this.#database.close();
  }
}
