/** Which gateway a command is for, as the global options say it. */
export interface Target {
  /** The deployed stack's name; absent: the gateway that runs on this machine. */
  readonly stack?: string;
  /** Absent: as the AWS profile or the environment says. */
  readonly region?: string;
  /** The AWS profile. Absent: the default chain of credentials. */
  readonly profile?: string;
}
