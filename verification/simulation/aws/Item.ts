/** An item of the table, in plain JavaScript values. Never changed once it is stored. */
export type Item = Readonly<Record<string, unknown>>;
