import { join } from "node:path";
import type { SSMClientConfig } from "@aws-sdk/client-ssm";
import type { Clock } from "../../domain/observability.ts";
import type { StackFile } from "./stackFile.ts";

/** What a client of an AWS service, or of its emulator, is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly credentials: NonNullable<SSMClientConfig["credentials"]>;
  /** Absent: AWS's own. */
  readonly endpoint?: string;
}

/** What CloudFormation says of a deployed stack. */
export interface Deployment {
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  /** Every output, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly settings: ClientSettings;
}

/** Where a gateway's parts are and how they are reached, whether it runs on this machine or is deployed. */
export interface Address {
  /** The stack's name. */
  readonly name: string;
  readonly region: string;
  /** Base of the platforms' webhook addresses: append `/<platform>`. */
  readonly webhookUrl: string;
  readonly tableName: string;
  readonly queueUrls: {
    readonly inbound: string;
    readonly inboundDlq: string;
    /** By the names of the memory providers. */
    readonly sessionEnd: Readonly<Record<string, string>>;
    readonly dlq: string;
    readonly streamFailures: string;
  };
  /** What stands before `/<name>` in the names of the secrets' parameters. */
  readonly secretsPrefix: string;
  /** Absolute. */
  readonly configPath: string;
  readonly clients: Readonly<Record<"dynamodb" | "sqs" | "ssm", ClientSettings>>;
  /** The platforms that are simulated on this machine, and where people write on them. */
  readonly simulation?: StackFile["simulation"];
  /** Absent: it runs on this machine. */
  readonly deployment?: Deployment;
}

/** Which gateway a command is for, as the global options say it. */
export interface Target {
  /** The deployed stack's name; absent: the gateway that runs on this machine. */
  readonly stack?: string;
  /** Absent: as the AWS profile or the environment says. */
  readonly region?: string;
  /** The AWS profile. Absent: the default chain of credentials. */
  readonly profile?: string;
}

/** What reaching a gateway takes of the machine that the operator sits at. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The gateway's: see `gatewayClock`. */
  readonly clock: Clock;
}

/** Where a gateway that runs on this machine says so, as `npm start` decides it. */
export function stackPath(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.VESPER_DATA || ".vesper", "stack.json");
}
