import { VesperError } from "./VesperError.ts";
import { VERSION } from "./version.ts";

/** An item or a job was written by newer code: after a deploy back, or while two versions run side by side. */
export class NewerVersion extends VesperError {
  override readonly name = "NewerVersion";
  /** The newer code will come, or come back. */
  readonly retry = true;

  constructor(found: number) {
    super(`version ${found} was found, but this code knows ${VERSION} at most; it is left as it is: deploy newer code`);
  }
}
