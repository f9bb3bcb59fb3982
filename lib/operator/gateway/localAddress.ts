import { readFileSync } from "node:fs";
import * as v from "valibot";
import { VesperError } from "../../domain/VesperError.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { type Address, type Surroundings, stackPath } from "./address.ts";
import { type StackFile, stackFileSchema } from "./stackFile.ts";

/** No gateway runs here, or the one that did is gone. */
export class NotRunning extends VesperError {
  override readonly name = "NotRunning";
  readonly retry = true;
  constructor(path: string, options?: ErrorOptions) {
    super(`nothing runs here: start it with npm start (looked for ${path})`, options);
  }
}

/** Reads what a running gateway says of itself. @throws NotRunning, or CommandFailed when the file can't be understood */
export function readStack(path: string): StackFile {
  const parsed = v.safeParse(stackFileSchema, parse(path));
  if (!parsed.success) {
    throw new CommandFailed(
      `${path} is not what npm start writes (${parsed.issues.map((issue) => v.getDotPath(issue)).join(", ")}): start it anew`,
    );
  }
  // The file of a gateway that was killed stays behind.
  if (!isAlive(parsed.output.pid)) throw new NotRunning(path);
  return parsed.output;
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

/** The gateway that runs on this machine. @throws what `readStack` throws */
export function localAddress(env: Surroundings["env"]): Address {
  const {
    stackName,
    region,
    url,
    tableName,
    queueUrls,
    secretsPrefix,
    configPath,
    endpoints,
    credentials,
    simulation,
  } = readStack(stackPath(env));
  const settings = (endpoint: string) => ({ region, credentials, endpoint });
  return {
    ...{ name: stackName, region, webhookUrl: `${url}/webhooks`, tableName, secretsPrefix, configPath },
    simulation,
    queueUrls: {
      inbound: queueUrls.inbound,
      inboundDlq: queueUrls.inboundDlqMessage,
      sessionEnd: queueUrls.sessionEnd,
      dlq: queueUrls.sessionEndDlqMessage,
      streamFailures: queueUrls.streamFailures,
    },
    clients: {
      dynamodb: settings(endpoints.dynamodb),
      sqs: settings(endpoints.sqs),
      ssm: settings(endpoints.ssm),
    },
  };
}
