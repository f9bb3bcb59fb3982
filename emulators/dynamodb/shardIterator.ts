import { AwsError } from "../AwsError.ts";

/** A place in a stream's shard, as clients carry it from one request to the next. */
export interface ShardIterator {
  arn: string;
  /** The number of the next record to read. */
  next: number;
  /** When it was given out, epoch milliseconds. */
  at: number;
}

/** Milliseconds: "A shard iterator expires 15 minutes after it is retrieved", API_streams_GetShardIterator.html. */
const LIFE = 900_000;

/** The text of an iterator; the service's begin with the stream's ARN as well. */
export function writeIterator(arn: string, next: number): string {
  const place = Buffer.from(JSON.stringify([next, Date.now()])).toString("base64url");
  return `${arn}|1|${place}`;
}

/** Reads an iterator's text; an old or strange one ends as it does at the service. */
export function readIterator(text: string): ShardIterator {
  const [, arn, place = ""] = /^(.+)\|1\|([\w-]+)$/.exec(text) ?? [];
  const [, next, at] = /^\[(\d+),(\d+)\]$/.exec(Buffer.from(place, "base64url").toString()) ?? [];
  if (arn === undefined || at === undefined) throw new AwsError("ValidationException", "Invalid ShardIterator");
  if (Date.now() - Number(at) > LIFE) {
    throw new AwsError("ExpiredIteratorException", "Iterator expired. The iterator was created more than 15 min ago.");
  }
  return { arn, next: Number(next), at: Number(at) };
}
