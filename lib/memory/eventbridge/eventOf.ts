import type { EndedSession } from "../../adapter/MemoryProvider.ts";
import { sessionData, sessionFacts } from "../../adapter/sessionData.ts";
import { sha256 } from "../../domain/ids.ts";

/** What an event says that it is, for the patterns of rules. */
const KIND = { Source: "vesper", DetailType: "SessionEnded" };

/** EventBridge's own limit of an entry, bytes: it must be less than a megabyte. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
export const MOST_OF_BUS = 999_000;

/** The least that a target of a rule takes, 256 KB, with room for what EventBridge adds to an event. */
export const MOST_OF_TARGETS = 250_000;

/** The detail of a session's event: all of it. Equal on every attempt. Pure. */
export function detailOf(session: EndedSession, deliveryKey: string): string {
  return JSON.stringify({ ...about(session, deliveryKey), ...sessionData(session) });
}

/** Where a detail is stored that is too large for an event. */
export interface Stored {
  readonly bucket: string;
  readonly key: string;
}

/** The detail of an event that says where the whole of it is. Pure. */
export function referenceOf(
  session: EndedSession,
  deliveryKey: string,
  whole: string,
  { bucket, key }: Stored,
): string {
  const detail = { bucket, key, bytes: Buffer.byteLength(whole), sha256: sha256(whole).toString("hex") };
  return JSON.stringify({ ...about(session, deliveryKey), ...sessionFacts(session), detail });
}

/** The entry of a call to PutEvents. Pure. */
export function entryOf(bus: string, { endedAt }: EndedSession, detail: string) {
  return { ...KIND, EventBusName: bus, Time: new Date(endedAt), Detail: detail };
}

/** The bytes that EventBridge counts of a session's entry with this detail; 14 are for its time. */
export function sizeOf(detail: string): number {
  return 14 + Buffer.byteLength(KIND.Source + KIND.DetailType + detail);
}

function about({ tenant }: EndedSession, deliveryKey: string) {
  return { v: 1, deliveryKey, tenant };
}
