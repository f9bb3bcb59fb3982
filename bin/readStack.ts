import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { CommandFailed } from "./CommandFailed.ts";
import { NotRunning } from "./NotRunning.ts";

/** What the commands need of `stack.json`. */
const stackSchema = z.object({
  pid: z.int(),
  stackName: z.string(),
  url: z.string(),
  region: z.string(),
  endpoints: z.object({ dynamodb: z.string(), sqs: z.string(), ssm: z.string() }),
  tableName: z.string(),
  queueUrls: z.object({
    inbound: z.string(),
    inboundDeadLetter: z.string(),
    sessionEnd: z.string(),
    sessionEndDeadLetter: z.string(),
    streamFailures: z.string(),
  }),
  secretsPrefix: z.string(),
  configPath: z.string(),
});

type Stack = z.infer<typeof stackSchema>;

/** Reads what a running gateway says of itself. @throws NotRunning, or CommandFailed when the file can't be understood */
export function readStack(path: string): Stack {
  const parsed = stackSchema.safeParse(parse(path));
  if (!parsed.success) {
    throw new CommandFailed(`${path} is not what npm start writes (${z.prettifyError(parsed.error)}): start it anew`);
  }
  // The file of a gateway that was killed stays behind.
  if (!isAlive(parsed.data.pid)) throw new NotRunning(path);
  return parsed.data;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") throw new NotRunning(path, { cause });
    throw new CommandFailed(`${path} can't be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It runs, but for another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
