/** A stored turn or command as the table has it, which may be partly read or unreadable. */
export type StoredRow = Readonly<Record<string, unknown>>;
