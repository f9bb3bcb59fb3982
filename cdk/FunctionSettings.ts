import type { IKey } from "aws-cdk-lib/aws-kms";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";

/** What all functions of a gateway have in common. */
export interface FunctionSettings {
  /** Absolute path of the team's `vesper.config.ts`, which is bundled into the functions. */
  readonly configPath: string;
  /**
   * How long the functions' logs and the access log are kept.
   *
   * @default RetentionDays.ONE_MONTH: as long as transcripts are kept
   */
  readonly logRetention?: RetentionDays;
  /**
   * Lines below this level are not written.
   *
   * @default "info": a line or two a message
   */
  readonly logLevel?: LogLevel;
  /**
   * Whether the functions are traced with X-Ray.
   *
   * @default false: it costs $5 for each million traces beyond the first 100,000 of a month
   */
  readonly tracing?: boolean;
  /**
   * The key of the secrets' parameters.
   *
   * @default AWS's own key of the parameter store, `alias/aws/ssm`, which needs no grant
   */
  readonly secretsKey?: IKey;
}

/** The levels of the log, least important first. */
export const LOG_LEVELS = ["info", "warn", "error"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];
