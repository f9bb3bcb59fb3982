/** What an error's answer has beside its code and its text. */
export interface AwsErrorDetails {
  /** HTTP status. @default 400 */
  readonly status?: number;
  /** Further members of the answer's body. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An error that a service answers with: code and text are those of AWS. How it is written is the protocol's. */
export class AwsError extends Error {
  override name = "AwsError";
  /** The exception's name, as the SDK shows it. */
  readonly code: string;
  readonly status: number;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, { status = 400, more = {} }: AwsErrorDetails = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.more = more;
  }
}
