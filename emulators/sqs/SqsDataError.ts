/** Why a data folder cannot be used: another emulator has it, its content is damaged, or the disk refuses. */
export type SqsDataProblem = "in use" | "broken" | "not accessible";

const ADVICE: Record<SqsDataProblem, string> = {
  "in use": "Stop the other process, or give another folder.",
  broken: "Restore the folder from a copy, or delete it to begin with empty queues.",
  "not accessible": "Give a folder that this user may write to.",
};

/** The data folder given to `startSqs` cannot be used. */
export class SqsDataError extends Error {
  override readonly name = "SqsDataError";
  /** False: somebody has to stop the other process, or change the folder. */
  readonly retry = false;
  readonly path: string;
  readonly problem: SqsDataProblem;

  constructor(path: string, problem: SqsDataProblem, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(`The queue data in ${path} is ${problem} (${detail}). ${ADVICE[problem]}`, { cause });
    this.path = path;
    this.problem = problem;
  }
}
