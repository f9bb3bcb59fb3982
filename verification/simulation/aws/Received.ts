/** A message that a queue handed out. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly group: string;
  readonly receipt: string;
  /** How often it was handed out, this time included. */
  readonly count: number;
  /** When it was sent, milliseconds since the epoch. */
  readonly sentAt: number;
  /** When it was handed out first, milliseconds since the epoch. */
  readonly firstReceivedAt: number;
}
