import type { BatchOperation } from "./dynalite.ts";
import type { Engine } from "./engine.ts";

/**
 * Writes a batch, all of it or nothing. Must be called while `engine.alone`. Every write goes through here.
 *
 * When the disk refuses a write, a part of it may be in LevelDB's log. LevelDB goes on behind that part, but what it reads
 * after a crash ends there: every later write of that log would be lost, acknowledged or not. Opening the store anew reads
 * the log up to the tear and begins another one.
 */
export async function writeBatch(engine: Engine, batch: BatchOperation[]): Promise<void> {
  try {
    await engine.db.batch(batch);
  } catch (error) {
    engine.isTorn = true;
    throw error;
  }
}
