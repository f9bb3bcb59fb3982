import { randomUUID } from "node:crypto";
import { AwsError } from "../AwsError.ts";

const FORM = /^([\da-f-]{36})\.(\d+)\.[\da-f-]{36}$/;

/** Handles of receives. One tells its message and time, so that it can be judged when it is out of date. */
export const receiptHandle = {
  /** The handle of one receive, at a time in milliseconds. */
  make(messageId: string, receivedAt: number): string {
    return `${messageId}.${receivedAt}.${randomUUID()}`;
  },

  /** What a handle tells. @throws AwsError for what was never one */
  read(handle: string): { messageId: string; receivedAt: number } {
    const [, messageId, receivedAt] = FORM.exec(handle) ?? [];
    if (messageId !== undefined) return { messageId, receivedAt: Number(receivedAt) };
    throw new AwsError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid one.`);
  },
};
