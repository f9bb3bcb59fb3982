/** An answer that SSM gives to a request it cannot fulfil: code and text are those of AWS. */
export class SsmFault extends Error {
  override readonly name = "SsmFault";
  readonly code: string;
  readonly status: number;

  /** `status` is the HTTP status. */
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
