import { mkdir } from "node:fs/promises";
import { DataFolderError, type DataFolderProblem } from "./DataFolderError.ts";
import { type Database, dynalite } from "./dynalite.ts";
import { createEngine, type Engine } from "./engine.ts";

const PROBLEMS: Record<string, DataFolderProblem> = {
  LEVEL_LOCKED: "in use",
  LEVEL_CORRUPTION: "broken",
  LEVEL_DECODE_ERROR: "broken",
};

/**
 * Opens the store in a folder, which is made when it is not there; without a folder, one in memory.
 *
 * @throws DataFolderError when it is in use, broken or cannot be written to
 */
export async function openDatabase(path: string | undefined): Promise<Engine> {
  if (path === undefined) return createEngine(() => opened(dynalite.create({}).db));
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new DataFolderError(path, "unusable", error);
  }
  try {
    // A store that was closed can't be opened again.
    return await createEngine(() => opened(dynalite.create({ path }).db));
  } catch (error) {
    throw new DataFolderError(path, problemOf(error), error);
  }
}

async function opened(db: Database): Promise<Database> {
  try {
    await db.open();
    return db;
  } catch (error) {
    await db.close().catch(() => undefined);
    throw error;
  }
}

/** LevelDB says why in the error's cause, or in the cause's cause. */
function problemOf(error: unknown): DataFolderProblem {
  for (let at = error; at instanceof Error; at = at.cause) {
    const problem = "code" in at && typeof at.code === "string" ? PROBLEMS[at.code] : undefined;
    if (problem) return problem;
    // A missing file of an existing store is an I/O error for LevelDB.
    if (/corruption|no such file|missing files/i.test(at.message)) return "broken";
  }
  return "unusable";
}
