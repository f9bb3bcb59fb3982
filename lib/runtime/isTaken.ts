import { isConditionFailed } from "./isConditionFailed.ts";

/** Whether a conditional write is taken; false when its condition refuses it. Rejects with any other error. */
export async function isTaken(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return false;
  }
}
