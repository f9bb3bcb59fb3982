/** What is wrong with a data folder. */
export type DataFolderProblem = "in use" | "broken" | "unusable";

const ADVICE: Record<DataFolderProblem, string> = {
  "in use": "another process has it open: stop that one, or give another folder",
  broken: "its files are damaged: restore the folder, or remove it to start with no data",
  unusable: "it cannot be created, read or written: give a folder that this user may write to, on a disk with room",
};

/** The data folder cannot be opened. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";
  readonly path: string;
  readonly problem: DataFolderProblem;
  /** Only a folder in use may be free later. */
  readonly retry: boolean;

  constructor(path: string, problem: DataFolderProblem, cause: unknown) {
    super(`The DynamoDB data folder ${path} is ${problem}: ${ADVICE[problem]}`, { cause });
    this.path = path;
    this.problem = problem;
    this.retry = problem === "in use";
  }
}
