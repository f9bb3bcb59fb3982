/** What is kept of a transaction under its ClientRequestToken, so that it happens once. */
export interface Token {
  print: string;
  /** Epoch milliseconds. */
  at: number;
  /** Units that a repetition costs, by table. */
  reads: [table: string, units: number][];
}

/** Milliseconds: "A client request token is valid for 10 minutes", API_TransactWriteItems.html. */
export const TOKEN_LIFE = 600_000;
